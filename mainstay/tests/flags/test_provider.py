"""OpenFeature's standard client gives what our own front door gives."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from lab.main import BELL, SIGN
from openfeature import api
from openfeature.client import OpenFeatureClient
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import Reason

from mainstay.flags.provider import FlagsProvider
from mainstay.flags.rules import Rule, Steering, Subject
from mainstay.flags.state import Flags

ZOE, STORE = UUID(int=1), UUID(int=2)


@pytest.fixture
def flags() -> Flags:
    """Flags of which the bell is on for cashiers and half of the others, and the sign large in one store."""
    flags = Flags((BELL, SIGN))
    steering = {
        BELL.key: Steering((Rule(True, roles=frozenset({"cashier"})), Rule(True, percent=50))),
        SIGN.key: Steering((Rule("large", places=frozenset({STORE})),), otherwise="plain"),
    }
    flags.steer(steering, {})
    return flags


@pytest.fixture
def client(flags: Flags) -> Iterator[OpenFeatureClient]:
    """OpenFeature's client."""
    api.set_provider(FlagsProvider(flags))
    yield api.get_client()
    api.clear_providers()


def test_the_client_gives_what_the_rules_say(client: OpenFeatureClient, flags: Flags) -> None:
    for number in range(50):
        unit = UUID(int=number)
        given = client.get_boolean_value(BELL.key, default_value=False, evaluation_context=EvaluationContext(str(unit)))
        assert given is flags.value(BELL, Subject(unit))
    details = client.get_boolean_details(BELL.key, False, EvaluationContext(str(ZOE), {"role": "cashier"}))
    assert (details.value, details.reason, details.variant) == (True, Reason.TARGETING_MATCH, "true")


def test_variants_are_strings_and_places_can_be_said(client: OpenFeatureClient) -> None:
    at_store = EvaluationContext(None, {"places": [str(STORE)]})

    assert client.get_string_value(SIGN.key, "plain", at_store) == "large"
    assert client.get_string_details(SIGN.key, "large").reason == Reason.STATIC


@pytest.mark.parametrize(
    "context", [EvaluationContext("zoe"), EvaluationContext(None, {"role": 7}), EvaluationContext(None, {"places": 7})]
)
def test_a_context_that_cannot_be_read_gives_the_callers_default(
    client: OpenFeatureClient, context: EvaluationContext
) -> None:
    details = client.get_boolean_details(BELL.key, True, context)

    assert (details.value, details.error_code) == (True, ErrorCode.INVALID_CONTEXT)


def test_what_is_no_flag_or_of_another_kind_gives_the_callers_default(client: OpenFeatureClient) -> None:
    assert client.get_boolean_details("lab.none", True).error_code == ErrorCode.FLAG_NOT_FOUND
    for details in (
        client.get_boolean_details(SIGN.key, True),
        client.get_string_details(BELL.key, "plain"),
        client.get_integer_details(BELL.key, 7),
        client.get_float_details(BELL.key, 7.5),
        client.get_object_details(BELL.key, {"seven": 7}),
    ):
        assert details.error_code == ErrorCode.TYPE_MISMATCH
    assert client.get_integer_value(BELL.key, 7) == 7


def test_the_provider_says_whose_it_is(flags: Flags) -> None:
    assert FlagsProvider(flags).get_metadata().name == "mainstay"

"""The flags for OpenFeature's standard client: a provider that reads the memory of this process and waits for nothing.

Each process of a program registers it under the program's name:
openfeature.api.get_client(domain="tradepost").get_boolean_value("crm.card_scanning", False, EvaluationContext(...))
"""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar
from uuid import UUID

from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import FlagNotFoundError, InvalidContextError, TypeMismatchError
from openfeature.flag_evaluation import FlagResolutionDetails, FlagValueType, Reason
from openfeature.provider import AbstractProvider, Metadata

from mainstay.flags.flag import Value
from mainstay.flags.rules import Decision, Subject
from mainstay.flags.state import NOBODY, Flags

Kind = TypeVar("Kind", bool, str)
Nested = Sequence[FlagValueType] | Mapping[str, FlagValueType]
_REASONS: Final = {"rule": Reason.TARGETING_MATCH, "otherwise": Reason.STATIC, "default": Reason.DEFAULT}


class FlagsProvider(AbstractProvider):
    """Gives OpenFeature the program's flags: the targeting key is the actor's id, `role` and `places` may be said."""

    def __init__(self, flags: Flags) -> None:
        super().__init__()
        self._flags = flags

    def get_metadata(self) -> Metadata:
        """Return who gives the values."""
        return Metadata("mainstay")

    def resolve_boolean_details(
        self, flag_key: str, default_value: bool, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[bool]:
        """Return whether a flag is on; raises FlagNotFoundError and TypeMismatchError, which the client handles."""
        return _details(bool, self._decide(flag_key, evaluation_context))

    def resolve_string_details(
        self, flag_key: str, default_value: str, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[str]:
        """Return which variant a flag is; raises FlagNotFoundError and TypeMismatchError, which the client handles."""
        return _details(str, self._decide(flag_key, evaluation_context))

    def resolve_integer_details(
        self, flag_key: str, default_value: int, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[int]:
        """Raise TypeMismatchError: no flag is a number."""
        raise TypeMismatchError("Flags are a yes or no, or the name of a variant.")

    def resolve_float_details(
        self, flag_key: str, default_value: float, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[float]:
        """Raise TypeMismatchError: no flag is a number."""
        raise TypeMismatchError("Flags are a yes or no, or the name of a variant.")

    def resolve_object_details(
        self, flag_key: str, default_value: Nested, evaluation_context: EvaluationContext | None = None
    ) -> FlagResolutionDetails[Nested]:
        """Raise TypeMismatchError: no flag is an object."""
        raise TypeMismatchError("Flags are a yes or no, or the name of a variant.")

    def _decide(self, key: str, context: EvaluationContext | None) -> Decision:
        flag = self._flags.declared.get(key)
        if flag is None:
            raise FlagNotFoundError(f"There is no flag {key}.")
        return self._flags.decide(flag, _subject(context))


def _details(kind: type[Kind], decision: Decision) -> FlagResolutionDetails[Kind]:
    value: Value = decision.value
    if not isinstance(value, kind):
        raise TypeMismatchError(f"The flag is no {kind.__name__}.")
    return FlagResolutionDetails(value, reason=_REASONS[decision.reason], variant=str(value).lower())


def _subject(context: EvaluationContext | None) -> Subject:
    if context is None:
        return NOBODY
    role, places = context.attributes.get("role", ""), context.attributes.get("places", ())
    if not isinstance(role, str) or not isinstance(places, list | tuple):
        raise InvalidContextError("Give the role as text and the places as a list.")
    try:
        actor_id = UUID(context.targeting_key) if context.targeting_key else None
        return Subject(actor_id, role, frozenset(UUID(str(place)) for place in places))
    except ValueError as failure:
        raise InvalidContextError("Give ids of actors and places as UUIDs.") from failure

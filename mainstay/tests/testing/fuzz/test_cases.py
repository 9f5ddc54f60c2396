"""A case is always made the same, and says what is strange about it."""

from collections import Counter
from typing import Any

import pytest

from mainstay.testing.fuzz.cases import Case, CaseMaker, Headers, shares


@pytest.fixture
def maker(api_document: dict[str, Any], callers: dict[str, Headers]) -> CaseMaker:
    """Makes cases for the program with mistakes."""
    return CaseMaker(api_document, callers)


def test_a_case_has_a_name_that_names_it() -> None:
    case = Case("catalog_list_variants", 17, 20261129)

    assert str(case) == "catalog_list_variants:17@20261129"
    assert Case.parse(str(case)) == case


@pytest.mark.parametrize("text", ["", "catalog_list_variants", "a:b@1", "a:1@b"])
def test_what_names_no_case_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        Case.parse(text)


def test_a_plan_has_at_least_as_many_cases_as_asked_and_all_places(maker: CaseMaker) -> None:
    cases = maker.plan(3000, 1)

    assert len(cases) >= 3000
    assert len(set(cases)) == len(cases)
    counts = Counter(case.operation for case in cases)
    assert all(counts[name] >= len(target.places) for name, target in maker.targets.items())
    assert {case.operation for case in maker.plan(1, 1)} == maker.targets.keys()


def test_shares_hold_every_case_once_and_are_of_one_size(maker: CaseMaker) -> None:
    cases = maker.plan(500, 1)
    dealt = shares(cases, 4)

    assert sorted(case for share in dealt for case in share) == sorted(cases)
    assert max(map(len, dealt)) - min(map(len, dealt)) <= 1


def test_the_same_case_is_the_same_request_and_another_seed_another(maker: CaseMaker) -> None:
    cases, others = maker.plan(2000, 1), maker.plan(2000, 2)

    assert [maker.make(case) for case in cases] == [maker.make(case) for case in cases]
    assert [maker.make(case) for case in cases] != [maker.make(case) for case in others]


def test_the_first_case_is_the_example_of_the_first_caller(maker: CaseMaker, callers: dict[str, Headers]) -> None:
    request = maker.make(Case("planted_sound", 0, 1))

    assert (request.method, request.raw_path, request.caller) == ("POST", b"/api/v1/planted/sound", "owner")
    assert request.body == b'{"name":"Tonic"}'
    assert set(callers["owner"]) < set(request.headers)
    assert request.places == ["plain"]


def test_all_callers_call_and_every_kind_of_place_is_strange_somewhere(maker: CaseMaker) -> None:
    requests = [maker.make(case) for case in maker.plan(4000, 1)]

    assert {request.caller for request in requests} == {"owner", "cashier", "nobody"}
    kinds = {place.partition(" ")[0] for request in requests for place in request.places}
    assert kinds == {"plain", "path", "query", "header", "cookie", "field", "body"}
    assert max(len(request.places) for request in requests) == 2


def test_headers_are_such_as_a_server_lets_through(maker: CaseMaker) -> None:
    headers = [pair for case in maker.plan(4000, 1) for pair in maker.make(case).headers]

    assert all(name == name.lower() for name, _ in headers)
    assert not [value for _, value in headers if any(bad in value for bad in (b"\r", b"\n", b"\x00"))]
    assert any(b"qzx7k" in value for _, value in headers)


def test_addresses_are_escaped_but_for_octets_that_are_wrong_by_themselves(maker: CaseMaker) -> None:
    requests = [maker.make(case) for case in maker.plan(4000, 1)]
    queries = b"\n".join(request.raw_query for request in requests)

    assert b"%0D%0A" in queries
    assert b"%ff%fe" in queries
    assert b" " not in queries
    assert any(b"%2F" in request.raw_path for request in requests)

"""Bodies are replaced at one place, and wrong in every way."""

from random import Random

import pytest

from mainstay.testing.fuzz.bodies import encoded, replaced, strange_body, strange_file
from mainstay.testing.fuzz.vectors import Raw


def test_raw_bytes_stand_in_json_as_they_are() -> None:
    assert encoded({"a": [1, Raw(b"1e400"), "x"], "b": None}) == b'{"a":[1,1e400,"x"],"b":null}'


@pytest.mark.parametrize(
    ("where", "result"),
    [
        ((), 9),
        (("a",), {"a": 9, "c": [{"d": 1}, 2]}),
        (("b",), {"a": 1, "b": 9, "c": [{"d": 1}, 2]}),
        (("c", 0, "d"), {"a": 1, "c": [{"d": 9}, 2]}),
        (("a", 0, "x"), {"a": [{"x": 9}], "c": [{"d": 1}, 2]}),
    ],
)
def test_one_place_is_replaced_and_the_way_there_is_made(where: tuple[str | int, ...], result: object) -> None:
    document = {"a": 1, "c": [{"d": 1}, 2]}

    assert replaced(document, where, 9) == result
    assert document == {"a": 1, "c": [{"d": 1}, 2]}


def test_strange_bodies_are_of_many_kinds_and_always_the_same_for_one_chance() -> None:
    document = {"id": 1, "name": "Tonic"}
    made = [strange_body(document, chance) for chance in map(Random, range(300))]

    assert made == [strange_body(document, chance) for chance in map(Random, range(300))]
    bodies = {body for _, body in made}
    assert {b"", b"null", b'{"id":1,"name":"Tonic","id":"qzx7k"}', b'{"name":"Tonic"}', b"[" * 20_000} <= bodies
    assert {b"application/json", b"text/plain", b"", b"application/xml"} <= {kind for kind, _ in made}


def test_an_operation_without_an_example_has_strange_bodies_too() -> None:
    bodies = [strange_body(None, chance)[1] for chance in map(Random, range(40))]

    assert b"{}" in bodies


def test_strange_files_have_the_asked_kind_or_another() -> None:
    made = [strange_file("text/csv", chance) for chance in map(Random, range(200))]

    assert {b"text/csv", b"text/plain", b""} <= {kind for kind, _ in made}
    assert len({content for _, content in made}) > 20

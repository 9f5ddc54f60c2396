"""The manifest names what a module brings, and cannot be changed afterwards."""

from dataclasses import FrozenInstanceError, fields

import pytest

from mainstay.module import Module


def test_a_module_brings_nothing_but_its_name_unless_it_says_so() -> None:
    module = Module(name="bakery")

    given = {field.name: getattr(module, field.name) for field in fields(module)}
    assert given.pop("name") == "bakery"
    assert set(given.values()) == {(), None}


def test_a_manifest_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Module(name="bakery").name = "butcher"  # type: ignore[misc]  # that is what is refused

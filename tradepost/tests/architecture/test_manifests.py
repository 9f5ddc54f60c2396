"""Whatever a module's files define is in its manifest: nothing is written that the program does not know."""

import importlib
import importlib.util
import pkgutil
from types import ModuleType

import pytest

from mainstay.bootstrap.program import Program
from mainstay.db.models import Base
from mainstay.messages.event import Event
from mainstay.messages.job import Job
from mainstay.permission import Permission
from tradepost.main import make_program

MODULES = [module.name for module in make_program().modules if importlib.util.find_spec(f"tradepost.{module.name}")]


def defined(module: str, file: str, kind: type) -> list[object]:
    """Return the objects of a kind, or the classes derived from it, that a file or folder of a module defines."""
    name = f"tradepost.{module}.{file}"
    if importlib.util.find_spec(name) is None:
        return []
    loaded: ModuleType = importlib.import_module(name)
    parts = [f"{file}.{part.name}" for part in pkgutil.iter_modules(getattr(loaded, "__path__", ()))]
    return [*_of_file(loaded, name, kind), *(one for part in parts for one in defined(module, part, kind))]


def _of_file(loaded: ModuleType, name: str, kind: type) -> list[object]:
    found = [one for key, one in vars(loaded).items() if not key.startswith("_")]
    own = [one for one in found if isinstance(one, type) and issubclass(one, kind) and one.__module__ == name]
    return [*own, *(one for one in found if isinstance(one, kind))]


@pytest.mark.parametrize("name", MODULES)
def test_the_manifest_brings_everything_that_is_defined(program: Program, name: str) -> None:
    manifest = next(module for module in program.modules if module.name == name)

    assert set(manifest.models) == set(defined(name, "models", Base))
    assert set(manifest.events) == set(defined(name, "events", Event))
    assert set(manifest.jobs) == set(defined(name, "jobs", Job))
    assert set(manifest.permissions) == set(defined(name, "permissions", Permission))


@pytest.mark.parametrize("name", MODULES)
def test_the_rights_of_a_module_bear_its_name(program: Program, name: str) -> None:
    manifest = next(module for module in program.modules if module.name == name)

    assert manifest.permissions
    assert {permission.name.partition(".")[0] for permission in manifest.permissions} == {name}

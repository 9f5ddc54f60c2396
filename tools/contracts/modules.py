"""What the contract types share: their options, which packages are modules, whether a name matches a pattern."""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import cast

from grimp import ImportGraph
from importlinter.domain.fields import ListField, NotSupplied, StringField


def names(*, default: tuple[str, ...] | None = None) -> list[str]:
    """Declare a contract option that is a list of names; required unless there is a default.

    import-linter replaces the field by the option's value in each instance, hence the type.
    """
    supplied = NotSupplied if default is None else list(default)
    return cast("list[str]", ListField(subfield=StringField(), default=supplied))


def word() -> str:
    """Declare a required contract option that is one name."""
    return cast("str", StringField())


def modules_of(graph: ImportGraph, parents: Iterable[str], outside: Collection[str]) -> list[str]:
    """Return the packages directly under `parents`, without those named in `outside`, sorted."""
    children = (child for parent in parents if parent in graph.modules for child in graph.find_children(parent))
    return sorted(child for child in children if child not in outside)


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether `name`, or a package it lies in, is one of `patterns`; `*` stands for one part of the name."""
    return any(re.match(re.escape(pattern).replace(r"\*", r"[^.]+") + r"(\.|$)", name) for pattern in patterns)


def imports_of(graph: ImportGraph) -> Iterator[tuple[str, str]]:
    """Yield every direct import as (importer, imported), sorted."""
    for importer in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            yield importer, imported


def places(graph: ImportGraph, importer: str, imported: str) -> str:
    """Return one line that names an import and where it stands."""
    lines = sorted({detail["line_number"] for detail in graph.get_import_details(importer=importer, imported=imported)})
    return f"{importer} -> {imported} (l. {', '.join(map(str, lines))})"

"""What a program documents of itself, as Markdown: its settings, kinds of problems, events and commands."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

import orjson
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from mainstay.bootstrap.api import api_description
from mainstay.bootstrap.certificate import TlsSettings
from mainstay.bootstrap.program import CORE, Program
from mainstay.messages.event import Event
from mainstay.observe.logs import LogSettings
from mainstay.settings import Settings
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.problems import codes
from mainstay.worker.settings import WorkerSettings


def documents(program: Program, commands: TyperGroup) -> dict[str, bytes]:
    """Return all documents of `program`, by the name of their file; needs no database."""
    problems = [asdict(kind) for kind in codes()]
    return {
        "openapi.json": _json(api_description(program, LimitSettings.load(program.name))),
        "problems.json": _json(problems),
        "problems.md": _text(_problems(program)),
        "settings.md": _text(_settings(program)),
        "events.md": _text(_events(program)),
        "events.json": _json({name: event.model_json_schema() for name, event in sorted(program.events.items())}),
        "commands.md": _text(command_lines(program, commands)),
    }


def every_command(group: TyperGroup, *above: str) -> Iterator[tuple[str, TyperCommand]]:
    """Yield all commands of a command line with what is typed for each, groups of commands opened."""
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from every_command(command, *above, name)
        else:
            assert isinstance(command, TyperCommand)  # noqa: S101  the program's command line is Typer's
            yield " ".join((*above, name)), command


def command_lines(program: Program, commands: TyperGroup) -> Iterator[str]:
    """Yield what each command does, and what it takes."""
    yield f"# Commands of {program.title}"
    for name, command in every_command(commands):
        yield from ("", f"## `{program.name} {name}`", "", _flat(command.help))
        taken = (each for each in command.params if isinstance(each, (TyperArgument, TyperOption)))
        rows = [(_typed(each), _flat(each.help)) for each in taken if each.name != "help"]
        if rows:
            yield from ("", *_table(("takes", "meaning"), rows))


def _settings(program: Program) -> Iterator[str]:
    yield f"# Settings of {program.title}"
    yield from ("", "Variables of the environment. A secret may stand in a file that the variable with `_FILE` names.")
    declared = (kind for module in program.modules for kind in module.settings)
    kinds: tuple[type[Settings], ...] = (*CORE, LogSettings, TlsSettings, WorkerSettings, *declared)
    for kind in dict.fromkeys(kinds):
        yield from ("", f"## {kind.section or 'program'}", "", _flat(kind.__doc__), "")
        yield from _table(("variable", "without it", "meaning"), list(_variables(program, kind)))


def _variables(program: Program, kind: type[Settings]) -> Iterator[tuple[str, ...]]:
    prefix = f"{program.name}_{kind.section}_" if kind.section else f"{program.name}_"
    for name, field in kind.model_fields.items():
        meaning = field.description or ""
        warning = "A secret. " if name in kind.secrets() else ""
        yield f"`{prefix}{name}`".upper(), _default(field), f"{warning}{meaning}"


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True, validated_data={})
    if value in (None, PydanticUndefined, "", ()) or isinstance(value, SecretStr):
        return ""
    return f"`{orjson.dumps(value, default=str).decode().strip(chr(34))}`"


def _problems(program: Program) -> Iterator[str]:
    yield f"# Problems that {program.title} answers with"
    yield from ("", "Each reply that refuses names one of these codes (RFC 9457).", "")
    yield from _table(
        ("code", "status", "title", "meaning"),
        [(f"`{kind.code}`", str(kind.status), kind.title, kind.meaning) for kind in codes()],
    )


def _events(program: Program) -> Iterator[str]:
    yield f"# Events of {program.title}"
    yield from ("", "What the event log has, and webhooks tell; `events.json` has the schemas.")
    for name, event in sorted(program.events.items()):
        yield from ("", f"## {name}", "", _flat(event.__doc__))
        rows = list(_fields(event))
        if rows:
            yield from ("", *_table(("field", "type", "meaning"), rows))


def _fields(event: type[Event]) -> Iterator[tuple[str, ...]]:
    for name, each in event.model_json_schema().get("properties", {}).items():
        yield f"`{name}`", _type_of(each), each.get("description", "")


def _type_of(schema: dict[str, Any]) -> str:
    """Return what a value is, in the words of JSON Schema: `string (uuid)`, `integer or null`, `array of string`."""
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type_of(each) for each in schema["anyOf"]))
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    kind = str(schema.get("type", "one of its values" if "enum" in schema else "any"))
    if kind == "array" and "items" in schema:
        return f"array of {_type_of(schema['items'])}"
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def _typed(parameter: TyperArgument | TyperOption) -> str:
    """Return how a parameter is typed: an option's names, or an argument's place."""
    if isinstance(parameter, TyperArgument):
        return f"`{parameter.metavar or (parameter.name or '').upper()}`"
    return ", ".join(f"`{each}`" for each in (*parameter.opts, *parameter.secondary_opts))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        cells = (cell.replace("|", "\\|").replace("\n", " ") for cell in row)
        yield f"| {' | '.join(cells)} |"


def _flat(text: str | None) -> str:
    """Return a docstring as paragraphs of one line each."""
    paragraphs = (" ".join(each.split()) for each in (text or "").split("\n\n"))
    return "\n\n".join(each for each in paragraphs if each)


def _text(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def _json(content: object) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

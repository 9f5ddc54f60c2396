"""The way in for whoever holds the machine, as commands of the program."""

import pytest
from typer.testing import CliRunner

from mainstay.bootstrap.cli import create_cli
from mainstay.bootstrap.program import Program


@pytest.fixture
def database_url(fresh_database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of its own, which the commands find by the environment."""
    monkeypatch.setenv("DOORKEEPER_DATABASE_URL", fresh_database_url)
    return fresh_database_url


def run(program: Program, *arguments: str) -> tuple[int, str]:
    """Run a command; return its exit code and what it printed."""
    result = CliRunner().invoke(create_cli(program), list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_an_owner_is_made_and_gets_back_in_by_links(program: Program, database_url: str) -> None:
    code, made = run(program, "create-owner", "ada@shop.example", "Ada")
    assert (code, "/reset#" in made) == (0, True), made

    code, reset = run(program, "reset-access", "ADA@shop.example")

    assert (code, "/reset#" in reset) == (0, True), reset
    assert reset.split("/reset#")[1] != made.split("/reset#")[1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("create-owner", "nowhere", "Ada"), "Give an e-mail address"),
        (("reset-access", "nobody@shop.example"), "Nobody with this e-mail can sign in."),
    ],
)
def test_a_refusal_is_one_sentence(
    program: Program, database_url: str, arguments: tuple[str, ...], sentence: str
) -> None:
    code, said = run(program, *arguments)

    assert code == 1
    assert sentence in said

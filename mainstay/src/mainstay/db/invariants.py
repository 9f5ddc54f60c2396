"""What must hold of a database's content whoever touches it, and what a migration must leave as it is."""

from collections.abc import Iterable
from dataclasses import dataclass

import psycopg
from psycopg import Connection

# Of what breaks an invariant, so many are named.
NAMED = 5


@dataclass(frozen=True, slots=True)
class Invariant:
    """Something that holds at every moment: `broken` selects, as its only column, a name of each thing for which not.

    `says` is what holds, as a sentence for the operator.
    """

    name: str
    says: str
    broken: str

    def ask(self, connection: Connection) -> str:
        """Return what is wrong; empty when it holds."""
        statement = f"SELECT count(*), (array_agg(name::text))[1:{NAMED}] FROM ({self.broken}) AS broken (name)"  # noqa: S608  declared by modules
        row = connection.execute(statement.encode()).fetchone()
        assert row is not None  # noqa: S101  an aggregate is always one row
        return f"{row[0]}, among them {', '.join(row[1])}" if row[0] else ""


@dataclass(frozen=True, slots=True)
class Figure:
    """Something that people change and a migration does not: `value` selects one value, such as a sum of money."""

    name: str
    says: str
    value: str

    def ask(self, connection: Connection) -> str:
        """Return the value as text."""
        row = connection.execute(f"SELECT ({self.value})::text".encode()).fetchone()
        return "" if row is None or row[0] is None else str(row[0])


Check = Invariant | Figure
Answers = dict[str, str | None]


def ask_all(connection: Connection, checks: Iterable[Check]) -> Answers:
    """Return what each of the checks answers, by name, inside the transaction that is open.

    None where the database has not the tables or columns that it asks for: it is of another version.
    """
    answers: Answers = {}
    for check in checks:
        try:
            with connection.transaction():
                answers[check.name] = check.ask(connection)
        except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn, psycopg.errors.UndefinedFunction):
            answers[check.name] = None
    return answers


def broken(checks: Iterable[Check], answers: Answers) -> dict[str, str]:
    """Return by name what is wrong with the invariants that were asked."""
    return {
        check.name: f"{check.name}: it does not hold that {_lower(check.says)} {answer}."
        for check in checks
        if isinstance(check, Invariant) and (answer := answers[check.name])
    }


def altered(checks: Iterable[Check], before: Answers, after: Answers) -> dict[str, str]:
    """Return by name which figures are others than before, of those that could be asked both times."""
    return {
        check.name: f"{check.name}: {check.says} It was {before[check.name]} and is {after[check.name]}."
        for check in checks
        if isinstance(check, Figure) and None not in (before[check.name], after[check.name])
        if before[check.name] != after[check.name]
    }


def _lower(sentence: str) -> str:
    """Return a sentence as a clause."""
    return sentence[:1].lower() + sentence[1:].rstrip(".") + ":"

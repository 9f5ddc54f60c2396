"""A run: prepares, calls, judges, and tells what was found and how to see it again."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp

from mainstay.testing.fuzz.calling import Answer, call
from mainstay.testing.fuzz.cases import Case, CaseMaker, Headers, Request
from mainstay.testing.fuzz.judge import Judge

# Makes undone what happens inside; yields the list that the statements sent to the database are added to.
Undone = Callable[[], AbstractAsyncContextManager[list[str]]]
ROUNDS = 3


@dataclass(slots=True)
class Finding:
    """What was wrong with the answer to one case."""

    case: Case
    request: Request
    sentences: list[str]

    def __str__(self) -> str:
        address = self.request.raw_path.decode("latin-1")[:200]
        query = f"?{self.request.raw_query.decode('latin-1')[:300]}" if self.request.query else ""
        body = f" {self.request.body[:300]!r}" if self.request.body else ""
        sent = f"{self.request.method} {address}{query}{body}"
        strange = ", ".join(self.request.places)
        return f"{self.case} ({strange}, by {self.request.caller}): {'; '.join(self.sentences)}\n    {sent}"


@dataclass(slots=True)
class Report:
    """What a run did and found: cases, answers by status, the operations that did something, and the findings."""

    cases: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    worked: set[str] = field(default_factory=set)
    places: set[tuple[str, str]] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def __str__(self) -> str:
        statuses = ", ".join(f"{status} {count}x" for status, count in sorted(self.statuses.items()))
        worked = f"{len(self.worked)} of them did something"
        head = f"{self.cases} cases, {len(self.places)} places, {len(self.operations)} operations, {worked}: {statuses}"
        return "\n".join([head, *(f"FOUND {finding}" for finding in self.findings)])


class Fuzzer:
    """Attacks an application that has the given API description; what a case does is undone after it."""

    def __init__(
        self, app: ASGIApp, description: Mapping[str, Any], callers: Mapping[str, Headers], undone: Undone
    ) -> None:
        self.maker = CaseMaker(description, callers)
        self._app = app
        self._first = next(iter(callers))
        self._undone = undone
        self._judge = Judge(description)

    async def prepare(self) -> set[str]:
        """Make things to attack, by the examples of all operations that create something; return those that did.

        What needs something else first gets another chance in the next round.
        """
        creating = {
            name: target
            for name, target in self.maker.targets.items()
            if target.method == "POST" and "{" not in target.path
        }
        made: set[str] = set()
        for _ in range(ROUNDS):
            for name in [each for each in creating if each not in made]:
                answer = await call(self._app, self.maker.plain(creating[name], self._first))
                if answer.status in {200, 201, 202}:
                    made.add(name)
        return made

    async def run(self, cases: Iterable[Case], *, without: frozenset[str] = frozenset()) -> Report:
        """Send the cases, but for those of the operations `without`, and return what was found."""
        report = Report()
        for case in cases:
            if case.operation not in without:
                await self._attack(case, report)
        return report

    async def _attack(self, case: Case, report: Report) -> None:
        request = self.maker.make(case)
        async with self._undone() as statements:
            answer = await call(self._app, request)
        answer.statements = statements
        _count(report, case, request, answer)
        if sentences := self._judge.findings(request, answer):
            report.findings.append(Finding(case, request, sentences))


def _count(report: Report, case: Case, request: Request, answer: Answer) -> None:
    report.cases += 1
    report.statuses[answer.status] += 1
    report.operations.add(case.operation)
    report.places |= {(case.operation, place) for place in request.places}
    if answer.status < 300:
        report.worked.add(case.operation)

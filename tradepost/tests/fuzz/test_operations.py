"""Every operation of the program is attacked at every place; none may break, lie, or tell more than it should.

`make fuzz` runs this with a seed, a number of cases or a single case of its own (see `tools.fuzz`).
"""

import os
from pathlib import Path

import pytest
from brief_profiles import be_brief

from mainstay.testing.fuzz.cases import Case, shares
from mainstay.testing.fuzz.run import Fuzzer

# A seed a line: what has been found once is looked for again. The first is the one that `make test` runs.
SEEDS = Path(__file__).with_name("seeds.txt").read_text(encoding="utf-8").split()
SEED = int(os.environ.get("FUZZ_SEED", SEEDS[0]))
CASES = int(os.environ.get("FUZZ_CASES", "3000"))
ONE = os.environ.get("FUZZ_CASE")
SHARES = 6
# These need a program of several connections: the journeys call them.
ELSEWHERE = frozenset({"health_ready", "health_startup", "insight_stream_today"})


def told(report: object, name: str) -> None:
    """Leave what was found where `make fuzz` looks for it."""
    folder = os.environ.get("FUZZ_REPORTS")
    if folder is not None:
        (Path(folder) / f"{name}.txt").write_text(f"{report}\n", encoding="utf-8", errors="replace")


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run asks for some profiles, of 5 to 30 seconds."""
    be_brief(monkeypatch)


@pytest.mark.practice(8, 10)
@pytest.mark.parametrize("share", range(SHARES))
async def test_no_request_breaks_an_operation_or_gets_an_answer_that_is_not_described(
    fuzzer: Fuzzer, share: int
) -> None:
    """Injections, wrong types and values beyond every limit, in every parameter, header, cookie and field."""
    await fuzzer.prepare()
    planned = [Case.parse(ONE)] if ONE else fuzzer.maker.plan(CASES, SEED)

    report = await fuzzer.run(shares(planned, SHARES)[share], without=ELSEWHERE)

    told(report, f"share-{share}")
    assert not report.findings, str(report)
    # Whoever is only told to come back later attacks nothing.
    assert report.statuses[429] <= report.cases / 20


async def test_the_attacks_start_from_requests_that_work(fuzzer: Fuzzer) -> None:
    """Most operations do something when their example is sent: an attack then gets further than the front door."""
    await fuzzer.prepare()
    plain = [Case(name, 0, SEED) for name in sorted(fuzzer.maker.targets)]

    report = await fuzzer.run(plain, without=ELSEWHERE)

    assert not report.findings, str(report)
    assert len(report.worked) > len(report.operations) / 2, sorted(report.operations - report.worked)


def test_a_run_reaches_every_place_of_every_operation(fuzzer: Fuzzer) -> None:
    planned = fuzzer.maker.plan(CASES, SEED)

    assert len(planned) >= CASES
    assert sum(map(len, shares(planned, SHARES))) == len(planned)
    reached = {(case.operation, case.number % len(fuzzer.maker.targets[case.operation].places)) for case in planned}
    targets = fuzzer.maker.targets.values()
    assert reached == {(target.name, number) for target in targets for number in range(len(target.places))}

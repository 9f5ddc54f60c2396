"""The alarms that are shipped fire when they should, on numbers that the program tells, and are explained."""

import json
import re
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest
from alarms import FILES, FOLDER, ONE, Series, firing, promtool

from mainstay.bootstrap.api import create_api
from mainstay.bootstrap.program import Program
from mainstay.keyring import Keyring
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, WorkOpener
from tools.process import ROOT

RUNBOOK = ROOT / "docs" / "runbooks" / "incident.md"
TOKEN = "a token for the scraper"  # pragma: allowlist secret
ROUTE = 'job="tradepost", instance="a", method="GET", route="/api/v1/products"'
PROBE = 'job="tradepost", instance="a", method="GET", route="/health/ready"'
UP = f"up{ONE}", "1x120"


class Rule(NamedTuple):
    """What a rule says, as text."""

    alert: str
    expr: str
    severity: str
    runbook: str


def rules() -> list[Rule]:
    """Return the rules that are shipped; raises IndexError when one lacks a part."""
    found = []
    text = "".join((FOLDER / name).read_text() for name in FILES)
    for block in text.split("- alert: ")[1:]:
        patterns = (r"expr: (.*?)^ +for:", r"^ +severity: (\S+)$", r"^ +runbook: (\S+)$")
        parts = [re.findall(pattern, block, re.MULTILINE | re.DOTALL)[0] for pattern in patterns]
        assert re.search(r'^ +summary: ".+"\n +description: ".+"$', block, re.MULTILINE), block
        found.append(Rule(block.split("\n", 1)[0], *parts))
    return found


RULES = rules()


def recorded() -> dict[str, str]:
    """Return the rules that record a number: what each is called, and how it is made."""
    found = re.findall(
        r"- record: (\S+)\n +expr: (.*?)(?=\n\n|\n +#|\n +- )", (FOLDER / FILES[1]).read_text(), re.DOTALL
    )
    return dict(found)


class Case(NamedTuple):
    """Numbers on which an alarm fires at a minute, and numbers that are nearly as bad, on which it does not."""

    alert: str
    minute: int
    bad: tuple[Series, ...]
    fair: tuple[Series, ...]


def gauge(name: str, bad: str, fair: str, alert: str, minute: int) -> Case:
    return Case(alert, minute, ((name, bad),), ((name, fair),))


def requests(answers: int, errors: int, labels: str = ROUTE) -> tuple[Series, ...]:
    """Return so many answers and errors for each quarter of a minute."""
    name = "mainstay_requests_total"
    return (
        (f'{name}{{{labels}, status="200"}}', f"0+{answers}x120"),
        (f'{name}{{{labels}, status="500"}}', f"0+{errors}x120"),
    )


def refused(count: int, urgency: str) -> tuple[Series, ...]:
    """Return so many refusals for want of room for each quarter of a minute; each is an answer too."""
    told = f'mainstay_overload_refused_total{{{ROUTE}, urgency="{urgency}"}}', f"0+{count}x120"
    return told, (f'mainstay_requests_total{{{ROUTE}, status="503"}}', f"0+{count}x120")


def times(quick: int, slow: int, labels: str = ROUTE) -> tuple[Series, ...]:
    """Return so many requests below 50 ms and up to 250 ms for each quarter of a minute."""
    found = {"0.05": quick, "0.1": quick, "0.25": quick + slow, "+Inf": quick + slow}
    return tuple(
        (f'mainstay_request_seconds_bucket{{{labels}, le="{bound}"}}', f"0+{count}x120")
        for bound, count in found.items()
    )


def long(answers: int, errors: int) -> tuple[Series, ...]:
    """Return so many answers and errors for each quarter of a minute, for seven hours."""
    return tuple((name, values.replace("x120", "x1680")) for name, values in requests(answers, errors))


def slow(quick: int, late: int) -> tuple[Series, ...]:
    """Return so many requests below 50 ms and up to 250 ms for each quarter of a minute, for seven hours."""
    longer = tuple((name, values.replace("x120", "x1680")) for name, values in times(quick, late))
    count = f"mainstay_request_seconds_count{{{ROUTE}}}", f"0+{quick + late}x1680"
    return (*longer, count)


def pool(used: str) -> tuple[Series, ...]:
    return (
        (f'mainstay_pool_connections{{state="used", {ONE[1:-1]}}}', used),
        (f'mainstay_pool_connections{{state="idle", {ONE[1:-1]}}}', "15x120"),
        (f"mainstay_pool_limit{ONE}", "15x120"),
    )


def as_scraped(page: str) -> tuple[Series, ...]:
    """Return the pool's numbers on a page as Prometheus keeps them: with the labels of who told them."""
    found = (line.rpartition(" ") for line in page.splitlines() if line.startswith("mainstay_pool_"))
    return tuple(
        (name.replace("}", f", {ONE[1:]}") if "}" in name else name + ONE, f"{value}x120") for name, _, value in found
    )


def disk(free: str) -> tuple[Series, ...]:
    return (f"mainstay_disk_free_bytes{ONE}", free), (f"mainstay_disk_size_bytes{ONE}", "1000x120")


CERTIFICATE = f'mainstay_certificate_expires_seconds{{file="shop.pem", {ONE[1:-1]}}}'
SIGN_IN = f'mainstay_requests_total{{method="POST", route="/api/v1/identity/session", status="401", {ONE[1:-1]}}}'
CHECK = f'mainstay_check_ok{{check="database", {ONE[1:-1]}}}'
JOBS = f'mainstay_jobs{{state="failed", {ONE[1:-1]}}}'
RETRIED = f'mainstay_jobs{{state="retrying", {ONE[1:-1]}}}'
FRESH = f'mainstay_errors_fresh{{role="api", {ONE[1:-1]}}}'
BREAKER = f'mainstay_breaker_state{{destination="hooks", {ONE[1:-1]}}}'
SLOW = f'mainstay_slow_statements_total{{place="GET /api/v1/products", {ONE[1:-1]}}}'
OUTCOME = f'mainstay_backup_last_outcome{{outcome="failed", {ONE[1:-1]}}}'
SOUND = f'mainstay_backup_last_outcome{{outcome="verified", {ONE[1:-1]}}}'

CASES = [
    Case("TradepostDown", 3, ((UP[0], "0x120"),), ((UP[0], "1x8 0x112"),)),
    gauge(CHECK, "0x120", "0x7 1x112", "TradepostNotReady", 3),
    Case("TradepostErrors", 10, requests(97, 3), requests(99, 1) + requests(0, 50, PROBE)),
    Case("TradepostSlow", 25, times(90, 10), times(97, 3) + times(0, 500, PROBE)),
    Case("TradepostSlowStatements", 20, ((SLOW, "0+1x120"),), ((SLOW, "0x60 5x60"),)),
    Case("TradepostPoolNearlyFull", 3, pool("13x120"), pool("12x120")),
    Case("TradepostOverloaded", 8, requests(98, 0) + refused(2, "last"), requests(99, 0) + refused(1, "last")),
    Case("TradepostTillOverloaded", 8, refused(1, "first"), refused(50, "usual")),
    gauge(f"mainstay_job_oldest_seconds{ONE}", "301x120", "300x120", "TradepostQueueWaits", 3),
    Case("TradepostJobsFailed", 6, ((JOBS, "1x120"),), ((JOBS, "0x120"), (RETRIED, "9x120"))),
    Case("TradepostNewErrors", 3, ((FRESH, "1x120"),), ((FRESH, "0x120"), (FRESH.replace("api", "browser"), "9x120"))),
    gauge(BREAKER, "2x120", "1x120", "TradepostBreakerOpen", 6),
    gauge(f"mainstay_redis_away{ONE}", "1x120", "0x120", "TradepostRedisAway", 6),
    gauge(f"mainstay_backup_age_seconds{ONE}", "93601x120", "93600x120", "TradepostBackupOld", 16),
    # 2 % are more than 14.4 times what a month allows, 1 % less; 0.7 % are more than 6 times that, 0.5 % less.
    Case("TradepostBudgetBurnsFast", 65, long(980, 20), long(990, 10)),
    Case("TradepostBudgetBurns", 400, long(993, 7), long(995, 5)),
    Case("TradepostSlowBudgetBurns", 70, slow(65, 35), slow(75, 25)),
    gauge(f"mainstay_recovery_behind_seconds{ONE}", "61x120", "60x120", "TradepostSecondPlaceBehind", 3),
    gauge(f"mainstay_recovery_base_age_seconds{ONE}", "180001x120", "180000x120", "TradepostBaseCopyOld", 16),
    Case("TradepostDiskNearlyFull", 6, disk("99x120"), disk("100x120")),
    gauge(CERTIFICATE, "1209600x120", "1300000x120", "TradepostCertificateEnds", 16),
    # 40 and 28 within ten minutes; as many of other refusals are none.
    Case(
        "TradepostSignInsFail",
        12,
        ((SIGN_IN, "0+1x120"),),
        ((SIGN_IN, "0+0.7x120"), (SIGN_IN.replace("/session", "/people"), "0+9x120")),
    ),
    Case("TradepostBackupFailed", 6, ((OUTCOME, "1x120"),), ((OUTCOME, "0x120"), (SOUND, "1x120"))),
]


def test_each_alarm_is_tried_out_and_has_a_weight_and_an_explanation() -> None:
    headings = re.findall(r"^## (.+)$", RUNBOOK.read_text(), re.MULTILINE)
    anchors = {heading.lower().replace(",", "").replace(" ", "-") for heading in headings}

    assert [rule.alert for rule in RULES] == list(dict.fromkeys(rule.alert for rule in RULES))
    assert {rule.alert for rule in RULES} == {case.alert for case in CASES}
    for rule in RULES:
        path, _, anchor = rule.runbook.partition("#")
        assert rule.severity in {"critical", "warning"}
        assert (ROOT / path, anchor in anchors) == (RUNBOOK, True), rule.alert
        assert f"`{rule.alert}`" in RUNBOOK.read_text()


def test_the_rules_are_sound() -> None:
    done = promtool("check", "rules", *(FOLDER / name for name in FILES))

    assert done.returncode == 0, done.stderr
    found = sum(map(int, re.findall(r"(\d+) rules found", done.stdout)))
    assert found == len(RULES) + len(recorded())


def test_the_example_of_a_configuration_is_sound_and_reads_the_rules(tmp_path: Path) -> None:
    token = tmp_path / "tradepost.token"
    token.write_text(TOKEN)
    text = (FOLDER / "prometheus.yml").read_text()
    (tmp_path / "prometheus.yml").write_text(text.replace("/etc/prometheus/tradepost.token", str(token)))
    for name in FILES:
        (tmp_path / name).write_text((FOLDER / name).read_text())

    done = promtool("check", "config", tmp_path / "prometheus.yml")

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("rules found") == len(FILES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.alert)
def test_an_alarm_fires_when_it_should_and_not_when_it_nearly_should(case: Case, tmp_path: Path) -> None:
    assert firing(tmp_path, case.bad, case.alert, case.minute, fires=True) == ""
    assert firing(tmp_path, case.fair, case.alert, case.minute, fires=False) == ""


def test_a_program_that_prometheus_does_not_know_of_is_down(tmp_path: Path) -> None:
    assert firing(tmp_path, (('up{job="other"}', "1x120"),), "TradepostDown", 3, fires=True) == ""


def test_every_number_of_the_rules_is_one_that_the_program_tells() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "mainstay" / "src").rglob("*.py"))
    told = set(re.findall(r'^[A-Z_]+(?:: Final)? = "(mainstay_[a-z_]+)"$', sources, re.MULTILINE))
    sayings = [rule.expr for rule in RULES] + list(recorded().values())
    used = {name for saying in sayings for name in re.findall(r"mainstay_[a-z_]+", saying)}

    assert {re.sub(r"_(bucket|count|sum)$", "", name) for name in used} - told == set()
    known = set(recorded())
    assert {name for saying in sayings for name in re.findall(r"tradepost:\w+:\w+", saying)} <= known
    assert len(used) >= 10


@pytest.mark.parametrize(("answers", "errors", "left"), [(1000, 0, 1.0), (9999, 1, 0.9), (999, 1, 0.0), (998, 2, -1.0)])
def test_what_is_left_of_the_months_errors_is_kept(tmp_path: Path, answers: int, errors: int, left: float) -> None:
    tried = {
        "interval": "15s",
        "input_series": [{"series": name, "values": values} for name, values in (UP, *long(answers, errors))],
        "promql_expr_test": [
            {
                "expr": "round(tradepost:failed:budget_left, 0.01)",
                "eval_time": "6h",
                "exp_samples": [{"labels": '{job="tradepost"}', "value": left}],
            }
        ],
    }
    path = tmp_path / "tried.yml"
    path.write_text(json.dumps({"rule_files": [str(FOLDER / FILES[1])], "tests": [tried]}))
    done = promtool("test", "rules", path)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.practice(40)
async def test_connections_that_are_held_open_raise_the_alarm_before_there_is_none_left(
    program: Program, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The numbers are the program's own page, read at each step as Prometheus reads it."""
    monkeypatch.setenv("TRADEPOST_METRICS_TOKEN", TOKEN)
    app = create_api(program, program.configuration(), fresh_database_url, Keyring(b"k" * 32))
    open_work: WorkOpener = app.state.edge.open_work
    numbers: dict[int, tuple[Series, ...]] = {}

    async with AsyncExitStack() as held, Client("http://localhost", transport=httpx2.ASGITransport(app)) as scraper:
        for count in range(15):
            if count in {0, 12, 13}:
                page = (await scraper.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).text
                numbers[count] = as_scraped(page)
            uow = await held.enter_async_context(open_work(SYSTEM))
            assert await uow.read_value("SELECT 1") == 1, "there is one left"
    await open_work.engine.dispose()

    for count, series in numbers.items():
        assert (f'mainstay_pool_connections{{process="api-1",state="used", {ONE[1:]}', f"{count}x120") in series
        assert firing(tmp_path, series, "TradepostPoolNearlyFull", 3, fires=count == 13) == ""
    assert list(numbers) == [0, 12, 13]


async def test_wrong_passwords_are_told_as_the_alarm_reads_them_and_so_is_the_disk(
    program: Program, fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADEPOST_METRICS_TOKEN", TOKEN)
    app = create_api(program, program.configuration(), fresh_database_url, Keyring(b"k" * 32))
    (alarm,) = (rule for rule in RULES if rule.alert == "TradepostSignInsFail")
    (pattern,) = re.findall(r'route=~"([^"]+)"', alarm.expr)

    async with Client("http://localhost", transport=httpx2.ASGITransport(app)) as caller:
        body = {"email": "nobody@shop.example", "password": "three wrong green trains"}  # pragma: allowlist secret
        assert (await caller.post("/api/v1/identity/session", json=body)).status_code == 401
        page = (await caller.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).text
    open_work: WorkOpener = app.state.edge.open_work
    await open_work.engine.dispose()

    failed = [
        line for line in page.splitlines() if line.startswith("mainstay_requests_total") and 'status="401"' in line
    ]
    routes = [re.findall(r'route="([^"]+)"', line)[0] for line in failed if 'method="POST"' in line]
    assert [bool(re.fullmatch(pattern, route)) for route in routes] == [True]
    told = dict(re.findall(r"^mainstay_disk_(free|size)_bytes\S* (\S+)$", page, re.MULTILINE))
    assert 0 < float(told["free"]) <= float(told["size"])
    checked = re.findall(r'^mainstay_check_ok\{check="(\w+)"\} (\S+)$', page, re.MULTILINE)
    assert {name: float(value) for name, value in checked} == {"database": 1, "migrations": 1, "disk": 1}

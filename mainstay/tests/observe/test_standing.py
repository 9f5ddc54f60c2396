"""Numbers become routes and budgets, exactly."""

import pytest

from mainstay.observe.counters import Counters
from mainstay.observe.standing import budget_left, routes_of


def counted(*seconds: float, failed: int = 0, route: str = "/api/v1/a") -> Counters:
    made = Counters()
    for value in seconds:
        made.observe("mainstay_request_seconds", value, method="GET", route=route)
    made.add("mainstay_requests_total", len(seconds) - failed, method="GET", route=route, status="200")
    made.add("mainstay_requests_total", failed, method="GET", route=route, status="503")
    return made


def test_a_route_has_its_requests_errors_and_slow_answers() -> None:
    (route,) = routes_of(counted(*[0.01] * 7, 0.1, 0.2, 11.0, failed=2).text())

    assert (route.method, route.route, route.requests, route.failed) == ("GET", "/api/v1/a", 10, 2)
    assert (route.answered, route.slow) == (10, 2)


def test_probes_are_no_requests_of_people() -> None:
    assert routes_of(counted(0.01, route="/health/ready").text()) == []


@pytest.mark.parametrize(
    ("seconds", "p95"),
    [
        ([0.02] * 100, (0.01, 0.025)),
        ([0.001] * 94 + [0.2] * 6, (0.1, 0.25)),
        ([0.001] * 95 + [0.2] * 5, (0.0, 0.005)),
        ([20.0], (10.0, None)),
        ([], None),
    ],
)
def test_a_quantile_is_no_more_exact_than_the_buckets(seconds: list[float], p95: object) -> None:
    (route,) = routes_of(counted(*seconds).text())

    assert route.quantile(0.95) == p95


@pytest.mark.parametrize(
    ("missed", "count", "left"), [(0, 0, 1), (0, 9, 1), (1, 1000, 0), (1, 2000, 0.5), (2, 1000, -1)]
)
def test_a_budget_is_used_up_by_what_may_be_missed(missed: int, count: int, left: float) -> None:
    assert budget_left(missed, count, 0.001) == pytest.approx(left)

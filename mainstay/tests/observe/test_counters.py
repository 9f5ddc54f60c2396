"""Counters, as Prometheus reads them."""

from mainstay.observe.counters import Counters


def test_what_is_counted_adds_up_and_how_things_stand_is_replaced() -> None:
    counters = Counters()
    counters.add("asked_total")
    counters.add("asked_total", 2.5)
    counters.set("away", 1)
    counters.set("away", 0)

    assert (counters.value("asked_total"), counters.value("away"), counters.value("unknown")) == (3.5, 0, 0)


def test_labels_make_numbers_of_their_own_in_any_order() -> None:
    counters = Counters()
    counters.add("asked_total", route="a", method="b")
    counters.add("asked_total", method="b", route="a")

    assert counters.value("asked_total", route="a", method="b") == 2
    assert counters.value("asked_total", route="a") == 0


def test_the_text_is_what_prometheus_reads() -> None:
    counters = Counters()
    counters.set("away", 1)
    counters.add("asked_total", 12_345_678, path='a"b\\c\nd')
    counters.add("asked_total", 1)

    assert counters.text() == (
        "# TYPE asked_total counter\n"
        "asked_total 1\n"
        'asked_total{path="a\\"b\\\\c\\nd"} 12345678\n'
        "# TYPE away gauge\n"
        "away 1\n"
    )
    assert Counters().text() == ""


def test_a_histogram_counts_what_is_below_each_bound() -> None:
    counters = Counters()
    for seconds in (0.004, 0.005, 0.3, 99.0):
        counters.observe("seconds", seconds, route="/a")
    counters.observe("seconds", 0.2, route="/b")

    lines = counters.text().splitlines()

    assert lines[0] == "# TYPE seconds histogram"
    assert 'seconds_bucket{le="0.005",route="/a"} 2' in lines
    assert 'seconds_bucket{le="0.25",route="/a"} 2' in lines
    assert 'seconds_bucket{le="0.5",route="/a"} 3' in lines
    assert 'seconds_bucket{le="10.0",route="/a"} 3' in lines
    assert 'seconds_bucket{le="+Inf",route="/a"} 4' in lines
    assert 'seconds_sum{route="/a"} 99.309' in lines
    assert 'seconds_count{route="/a"} 4' in lines
    assert 'seconds_count{route="/b"} 1' in lines

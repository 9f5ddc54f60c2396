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

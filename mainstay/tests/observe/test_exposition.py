"""Numbers of several processes become one text."""

from mainstay.observe.counters import Counters
from mainstay.observe.exposition import Exposition, labelled


def counted(requests: int, used: int, *seconds: float) -> str:
    counters = Counters()
    counters.add("requests_total", requests, route="/a b", status="200")
    counters.set("pool", used, state="used")
    counters.set("away", 0)
    for value in seconds:
        counters.observe("request_seconds", value, route="/a b")
    return counters.text()


def test_what_is_counted_is_summed_and_the_rest_is_told_by_process() -> None:
    made = Exposition()
    made.add(counted(3, 1, 0.03, 7.0), "api-1")
    made.add(counted(4, 2, 0.04), "api-2")

    lines = made.text().splitlines()

    assert lines[:10] == [
        "# TYPE away gauge",
        'away{process="api-1"} 0',
        'away{process="api-2"} 0',
        "# TYPE pool gauge",
        'pool{process="api-1",state="used"} 1',
        'pool{process="api-2",state="used"} 2',
        "# TYPE request_seconds histogram",
        'request_seconds_bucket{le="0.005",route="/a b"} 0',
        'request_seconds_bucket{le="0.01",route="/a b"} 0',
        'request_seconds_bucket{le="0.025",route="/a b"} 0',
    ]
    assert 'request_seconds_bucket{le="0.05",route="/a b"} 2' in lines
    assert 'request_seconds_bucket{le="+Inf",route="/a b"} 3' in lines
    assert 'request_seconds_sum{route="/a b"} 7.07' in lines
    assert 'request_seconds_count{route="/a b"} 3' in lines
    assert lines[-2:] == ["# TYPE requests_total counter", 'requests_total{route="/a b",status="200"} 7']


def test_of_those_that_ended_only_what_they_counted_is_told() -> None:
    text = Exposition.of([counted(3, 1), counted(4, 2)]).text()

    assert text == '# TYPE requests_total counter\nrequests_total{route="/a b",status="200"} 7\n'


def test_a_sum_can_be_read_and_summed_again() -> None:
    once = Exposition.of([counted(3, 1, 0.5)]).text()

    assert Exposition.of([once]).text() == once


def test_a_process_is_the_first_label() -> None:
    assert labelled("cpu_total", "api-1") == 'cpu_total{process="api-1"}'
    assert labelled('cpu_total{mode="user"}', "api-1") == 'cpu_total{process="api-1",mode="user"}'


def test_in_the_form_of_openmetrics_families_have_other_names_and_there_is_an_end() -> None:
    counters = Counters()
    counters.add("requests_total", 3)
    counters.set("away", 0)
    counters.histogram("seconds").take(0.3, ("ab" * 16, 1.25))

    lines = Exposition.of([counters.text(has_exemplars=True)]).open_text().splitlines()

    assert lines[:2] == ["# TYPE requests counter", "requests_total 3"]
    assert lines[2] == "# TYPE seconds histogram"
    (marked,) = [line for line in lines if " # " in line]
    assert marked.startswith('seconds_bucket{le="0.5"} 1 # {trace_id="' + "ab" * 16 + '"} 0.3 1.250')
    assert lines[-1] == "# EOF"


def test_what_looks_like_an_exemplar_in_a_label_is_none() -> None:
    counters = Counters()
    counters.add("calls_total", 2, to='x"} 1 # {trace_id="ab"} 0.3 7.0')

    made = Exposition.of([counters.text()])

    assert made.text() == counters.text()
    assert made.open_text().splitlines()[1] == counters.text().splitlines()[1]


def test_only_an_end_of_line_ends_a_line() -> None:
    """Unicode knows other ones, which the form knows nothing of: a name in a label may hold them."""
    counters = Counters()
    counters.add("calls_total", 2, destination="one\u2028two\x85\x0b")

    assert Exposition.of([counters.text(), counters.text()]).text().endswith('two\x85\x0b"} 4\n')

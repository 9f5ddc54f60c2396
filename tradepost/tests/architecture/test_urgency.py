"""What gives way to what when there is too much to do: in the program, and in the proxy before it the same."""

import re
from collections.abc import Callable

import pytest
from interface import operations

from mainstay.web.operation import Operation
from mainstay.web.overload.urgency import FIRST, LAST, USUAL, Urgency
from tools.process import ROOT

TEXT = (ROOT / "deploy" / "haproxy" / "haproxy.cfg").read_text()
OPERATIONS = operations()
NEVER = None
URGENCIES = {
    "POST /api/v1/pos/sales": FIRST,
    "POST /api/v1/pos/sales/approvals": FIRST,
    "POST /api/v1/pos/refunds": FIRST,
    "POST /api/v1/pos/refunds/approvals": FIRST,
    "GET /api/v1/pos/sales/{sale_id}/left": FIRST,
    "GET /api/v1/pos/refunds/{refund_id}": FIRST,
    "POST /api/v1/pos/shifts": FIRST,
    "POST /api/v1/pos/shifts/{shift_id}/close": FIRST,
    "GET /api/v1/pos/find/by-code/{code}": FIRST,
    "POST /api/v1/identity/session": FIRST,
    "POST /api/v1/identity/station/session": FIRST,
    "GET /api/v1/catalog/variants": USUAL,
    "POST /api/v1/catalog/products": USUAL,
    "GET /api/v1/pos/sales": LAST,
    "GET /api/v1/pos/sales.csv": LAST,
    "GET /api/v1/pos/refunds": LAST,
    "GET /api/v1/pos/refunds.csv": LAST,
    "GET /api/v1/insight/today": LAST,
    "GET /api/v1/audit/entries": LAST,
    "POST /api/v1/catalog/imports": LAST,
    "GET /api/v1/crm/contacts.pdf": LAST,
    "GET /health/live": NEVER,
    "GET /health/ready": NEVER,
    "GET /health/startup": NEVER,
}
# Pictures, letters and receipts: made as a whole, and as short as any answer.
WHOLE = {
    *("GET /api/v1/crm/card-photos/{photo_id}/image", "GET /api/v1/crm/contacts.pdf"),
    *("GET /api/v1/files/{file_id}/forms/{name}", "GET /api/v1/notifications/unsubscribe"),
    *("GET /api/v1/mail/mailbox/{mail_id}/html", "GET /api/v1/mail/mailbox/{mail_id}/text"),
    *("GET /api/v1/pos/refunds/{refund_id}/receipt.txt", "GET /api/v1/pos/sales/{sale_id}/receipt.txt"),
}
COMPARE: dict[str, Callable[[str, str], bool]] = {
    "path_beg": lambda path, value: path.startswith(value),
    "path_end": lambda path, value: path.endswith(value),
    "path": lambda path, value: path == value,
}
# As HAProxy counts: the smaller the earlier.
CLASSES = {-10: FIRST, 0: USUAL, 10: LAST}


def lists() -> dict[str, list[tuple[str, list[str]]]]:
    """Return the lists of addresses by name: how to compare, and with what."""
    found: dict[str, list[tuple[str, list[str]]]] = {}
    for name, kind, values in re.findall(r"^    acl (\w+) (path\w*) (.+)$", TEXT, re.MULTILINE):
        found.setdefault(name, []).append((kind, values.split()))
    return found


LISTS = lists()


def holds(condition: str, method: str, path: str) -> bool:
    """Whether a condition of the configuration holds for a request."""
    return any(all(_word(word, method, path) for word in _words(part)) for part in condition.split(" or "))


def _words(part: str) -> list[str]:
    return re.findall(r"!?\{ .+? \}|\S+", part)


def _word(word: str, method: str, path: str) -> bool:
    if word.startswith("!"):
        return not _word(word[1:], method, path)
    if word.startswith("{"):
        kind, *values = word.strip("{} ").split()
        return _fits(kind, values, path)
    if word.startswith("METH_"):
        return method == word.removeprefix("METH_")
    return any(_fits(kind, values, path) for kind, values in LISTS[word])


def _fits(kind: str, values: list[str], path: str) -> bool:
    return any(COMPARE[kind](path, value) for value in values)


def at_the_proxy(method: str, path: str) -> Urgency:
    """Return how urgent the proxy takes a request for: the last rule that fits counts."""
    rules = re.findall(r"^    http-request set-priority-class int\((-?\d+)\) if (.+)$", TEXT, re.MULTILINE)
    assert len(rules) == 3
    found = [CLASSES[int(number)] for number, condition in rules if holds(condition, method, path)]
    return found[-1] if found else USUAL


def requests() -> list[tuple[Operation, str, str]]:
    """Return a request for each operation of the API."""
    path = re.compile(r"\{.+?\}")
    return [
        (operation, method, path.sub("018f5a3e-0000-7000-8000-0123456789ab", operation.path_format))
        for operation in OPERATIONS
        for method in operation.verbs
        if operation.path_format.startswith("/api/")
    ]


def test_the_till_and_signing_in_come_first_reports_last_and_health_is_never_refused() -> None:
    found = {operation.title: operation.urgency for operation in OPERATIONS}

    assert {title: found[title] for title in URGENCIES} == URGENCIES
    assert {title for title, urgency in found.items() if urgency is NEVER} == {
        title for title, urgency in URGENCIES.items() if urgency is NEVER
    }


def test_the_proxy_lets_in_first_what_the_program_does() -> None:
    late = [each.title for each, method, path in requests() if each.urgency is FIRST and at_the_proxy(method, path)]

    assert late == []


def test_the_proxy_lets_nothing_in_first_that_can_wait() -> None:
    early = [
        each.title for each, method, path in requests() if each.urgency is LAST and at_the_proxy(method, path) is FIRST
    ]

    assert early == []


@pytest.mark.parametrize(("title", "urgency"), [each for each in URGENCIES.items() if each[1] is not NEVER])
def test_the_proxy_takes_the_examples_for_as_urgent_as_the_program(title: str, urgency: Urgency) -> None:
    [(method, path)] = [(method, path) for each, method, path in requests() if each.title == title]

    assert at_the_proxy(method, path) is urgency


def test_what_is_sent_in_pieces_takes_no_place_at_the_proxy_however_slowly_it_is_taken() -> None:
    short = {
        each.title
        for each, method, path in requests()
        if method == "GET" and each.is_in_pieces and not holds("is_long", method, path)
    }

    assert short == WHOLE


def test_a_list_that_misses_the_till_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: the configuration has forgotten the till."""
    monkeypatch.setitem(LISTS, "is_till", [])

    assert at_the_proxy("POST", "/api/v1/pos/sales") is USUAL

"""What browsers tell of errors: bounded, without data, and told on as every error is."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from mainstay.bootstrap.program import Program
from mainstay.modules.audit.module import AUDIT
from mainstay.modules.browser.module import BROWSER
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.mail.module import MAIL
from mainstay.observe import troubles
from mainstay.observe.logs import render
from mainstay.observe.troubles import Frame, Trouble
from mainstay.testing.client import Client

PATH = "/api/v1/client-errors"
ERROR = {
    "kind": "TypeError",
    "message": 'cannot read "Ada Lovelace" of ada@shop.example',
    "page": "/contacts/01926e6a-0000-7000-8000-000000000001",
    "places": [
        {"file": "/assets/till-C0ffee.js", "function": "pay", "line": 7, "column": 9},
        {"file": "chrome-extension://x/y.js", "line": 1},
    ],
}


@pytest.fixture(scope="session")
def program() -> Iterator[Program]:
    """The program under test."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WINDOW_SECRET_KEY", "wet paint on ninety wooden chairs")
        modules = (MAIL, IDENTITY, AUDIT, BROWSER)
        yield Program("window", "Window", "Seen from outside.", "1.0.0", modules, ("mainstay.migrations",))


async def test_an_error_becomes_a_line_and_a_trouble_without_data(api: Client) -> None:
    told: list[Trouble] = []
    with capture_logs() as lines:
        answer = await api.post(PATH, json=ERROR)
    (line,) = [each for each in lines if each["event"] == "browser error"]
    with troubles.heard(told.append):
        render("error", "browser", line.pop("event"), line)

    assert (answer.status_code, answer.content) == (204, b"")
    (trouble,) = told
    assert (trouble.kind, trouble.sentence) == ("TypeError", "cannot read … of …")
    assert trouble.facts["page"] == "/contacts/…"
    assert trouble.frames[-1] == Frame("/assets/till-C0ffee.js", 7, "pay", column=9)
    assert [each.is_ours for each in trouble.frames] == [False, True]
    assert trouble.fingerprint == ("TypeError", "/assets/till-C0ffee.js:pay")


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"kind": "Type Error"},
        {"kind": "E", "message": "m" * 1001},
        {"kind": "E", "page": "https://evil.example/"},
        {"kind": "E", "places": [{"file": "f"}] * 31},
    ],
)
async def test_what_is_no_error_is_refused(api: Client, wrong: dict[str, object]) -> None:
    assert (await api.post(PATH, json=wrong)).status_code == 422


async def test_what_is_too_large_is_refused(api: Client) -> None:
    assert (await api.post(PATH, json={**ERROR, "more": "x" * 16_384})).status_code == 413

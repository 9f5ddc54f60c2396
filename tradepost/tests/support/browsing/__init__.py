"""A real browser for journeys: it notes what goes wrong on a page, and asks axe about every page it is shown."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    ViewportSize,
    async_playwright,
    expect,
)

from mainstay import clock
from mainstay.testing.client import Client

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
)
AXE = Path(__file__).parents[4] / "web" / "node_modules" / "axe-core" / "axe.min.js"
DESK = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=390, height=844)
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
ICON = "/favicon.svg"
# On a busy machine; an expectation that is met ends sooner.
PATIENCE_MS = 15_000

# Run in each page before its own scripts. Printing opens the system's dialog, which nobody would answer.
ON_EVERY_PAGE = """
document.addEventListener("securitypolicyviolation", (event) => window.reportViolation(
  `${event.violatedDirective} refused ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`));
window.print = () => { window.printed = (window.printed ?? 0) + 1; };
"""
RUN_AXE = """
async (only) => (await axe.run(document, { resultTypes: ["violations"], ...only })).violations.map(
  (found) => `${found.id}: ${found.help} — ${found.nodes.slice(0, 3).map((node) => node.html).join(" | ")}`)
"""
# What a page shows but for colours, in which its schemes may differ: its elements, and where each stands.
SHOWN = """
() => {
  const places = [...document.body.querySelectorAll("*")].map((one) => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return [one.checkVisibility({ visibilityProperty: true, opacityProperty: true }), x, y, width, height];
  });
  return JSON.stringify([document.title, document.body.outerHTML, places]);
}
"""
# axe's rules on colours, but for the one that asks for more than WCAG's level AA, which it leaves out by itself too.
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}


def executable() -> str:
    """Return the browser's path; raises AssertionError when none is installed."""
    found = next((path for path in map(shutil.which, PROGRAMS) if path), None)
    assert found is not None, "Install Chromium for the browser journeys (Debian: apt-get install chromium)."
    return found


class Screen:
    """One browser window with all of its tabs."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        # What must not be: refusals of the content security policy, errors of scripts, failing replies, axe's findings.
        self.faults: list[str] = []
        context.set_default_timeout(PATIENCE_MS)

    async def prepare(self) -> None:
        """Begin to note what goes wrong."""
        await self.context.expose_function("reportViolation", self._note_violation)
        await self.context.add_init_script(ON_EVERY_PAGE)
        self.context.on("console", self._note_message)
        self.context.on("weberror", lambda error: self.faults.append(f"script error: {error.error}"))
        self.context.on("response", self._note_reply)

    async def adopt(self, client: Client) -> None:
        """Be signed in as a client is; a secure cookie is stored by https, and sent to this machine by http too."""
        address = str(client.base_url).replace("http:", "https:", 1)
        for cookie in client.cookies.jar:
            await self.context.add_cookies(
                [{"name": cookie.name, "value": cookie.value or "", "url": address, "secure": True, "httpOnly": True}]
            )

    def _note_violation(self, violation: str) -> None:
        self.faults.append(violation)

    def _note_message(self, message: ConsoleMessage) -> None:
        # The browser comments on every refusal of the API; `_note_reply` looks at the status itself.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.faults.append(f"console: {message.text}")

    def _note_reply(self, reply: Response) -> None:
        if reply.status >= 500:
            self.faults.append(f"{reply.status} {reply.url}")
        policy = reply.headers.get("content-security-policy", "")
        if reply.request.resource_type == "document" and (not policy or "unsafe" in policy):
            self.faults.append(f"{reply.url} has the policy {policy!r}")

    async def check(self, page: Page, what: str, *schemes: Scheme) -> None:
        """Have axe look at the page, in light and dark unless told otherwise, and note what it finds.

        Where a page shows the same in the second scheme but for colours, what is of colours is looked at again.
        """
        if not await page.evaluate("'axe' in window"):
            # It comes through the debugger: the page's policy stays as it is.
            await page.evaluate(_axe())
        looked_at = ""
        for scheme in schemes or SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            before, looked_at = looked_at, str(await page.evaluate(SHOWN))
            found: list[str] = await page.evaluate(RUN_AXE, COLOURS if looked_at == before else {})
            self.faults += [f"{what}, {scheme}: {one}" for one in found]
        await page.emulate_media(color_scheme="light")


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


async def hold_up(page: Page, pattern: str) -> None:
    """Have what a page asks for at addresses of a pattern end as without a network, until that is unrouted."""
    await page.route(pattern, lambda route: route.abort("internetdisconnected"))
    # The browser says that there is a route before the page's own process has heard of it: until then it sends past.
    await page.route(f"**{ICON}", lambda route: route.fulfill(status=204))
    deadline = clock.monotonic() + PATIENCE_MS / 1000
    while await page.evaluate(f"async () => (await fetch('{ICON}', {{cache: 'no-store'}})).status") != 204:
        assert clock.monotonic() < deadline, f"{page.url} goes past the route"
    await page.unroute(f"**{ICON}")


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Start a browser without a window."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable(), args=[*QUIET, *sandbox])
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def open_window(browser: Browser, base_url: str, **options: Any) -> AsyncIterator[Screen]:  # noqa: ANN401  the context's own options
    """Open a window in English at desk size, without motion; `options` change its context."""
    expect.set_options(timeout=PATIENCE_MS)
    settings = {"viewport": DESK, "locale": "en-GB", "reduced_motion": "reduce", "base_url": base_url} | options
    context = await browser.new_context(**settings)
    screen = Screen(context)
    await screen.prepare()
    try:
        yield screen
    finally:
        await context.close()

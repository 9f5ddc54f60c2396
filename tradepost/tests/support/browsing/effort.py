"""What an act on a page costs the browser, counted and not timed: renders, layouts, and calls of a function."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import CDPSession, Page, Request

# React tells its developer tools of each commit; this stands in for them, and must be there before React is.
COUNT_COMMITS = """
window.commits = 0;
window.__REACT_DEVTOOLS_GLOBAL_HOOK__ = {
  supportsFiber: true, isDisabled: false, renderers: new Map(), checkDCE() {}, inject: () => 1,
  onCommitFiberRoot() { window.commits += 1; }, onPostCommitFiberRoot() {}, onCommitFiberUnmount() {},
};
"""
# Resolves with the number of commits when there was none for a while.
QUIET_MS = 300
COMMITS_WHEN_QUIET = """
(quiet) => new Promise((resolve) => {
  let [seen, since] = [window.commits, performance.now()];
  const look = () => {
    if (window.commits !== seen) [seen, since] = [window.commits, performance.now()];
    if (performance.now() - since > quiet) resolve(seen);
    else requestAnimationFrame(look);
  };
  look();
})
"""


@dataclass(slots=True)
class Effort:
    """What happened during an act; the addresses are those of the API, without their query."""

    commits: int = 0
    layouts: int = 0
    calls: int = 0
    asked: list[str] = field(default_factory=list)


class EffortMeter:
    """Counts on one page; `text` is a text in the source of the function whose calls are counted."""

    def __init__(self, page: Page, session: CDPSession, text: str) -> None:
        self._page = page
        self._session = session
        self._text = text
        self._asked: list[str] = []
        self._places: dict[str, int] = {}
        page.on("request", self._note)

    @classmethod
    async def start(cls, page: Page, text: str) -> "EffortMeter":
        """Begin to count on a page that is not loaded yet."""
        await page.add_init_script(COUNT_COMMITS)
        session = await page.context.new_cdp_session(page)
        for command in ("Performance.enable", "Profiler.enable"):
            await session.send(command)
        await session.send("Profiler.startPreciseCoverage", {"callCount": True, "detailed": False})
        return cls(page, session, text)

    def _note(self, request: Request) -> None:
        if "/api/" in request.url:
            self._asked.append(request.url.partition("/api/v1")[2].partition("?")[0])

    @asynccontextmanager
    async def measured(self) -> AsyncIterator[Effort]:
        """Fill in what the block cost, from its begin until the page is quiet after it."""
        before = await self._page.evaluate(COMMITS_WHEN_QUIET, QUIET_MS)
        layouts = await self._layouts()
        await self._calls()
        self._asked.clear()
        effort = Effort()
        yield effort
        effort.commits = await self._page.evaluate(COMMITS_WHEN_QUIET, QUIET_MS) - before
        effort.layouts = await self._layouts() - layouts
        effort.calls = await self._calls()
        effort.asked = [*self._asked]

    async def _layouts(self) -> int:
        told = await self._session.send("Performance.getMetrics")
        return int(next(one["value"] for one in told["metrics"] if one["name"] == "LayoutCount"))

    async def _calls(self) -> int:
        """Return how often the function was called since this was asked last."""
        told = await self._session.send("Profiler.takePreciseCoverage")
        return sum([await self._calls_in(script) for script in told["result"] if "/assets/" in script["url"]])

    async def _place_in(self, address: str) -> int:
        """Return where the text is in a script, as the engine counts (in UTF-16), and -1 when it is not there."""
        if address not in self._places:
            source = await (await self._page.request.get(address)).text()
            before, found, _ = source.partition(self._text)
            self._places[address] = len(before.encode("utf-16-le")) // 2 if found else -1
        return self._places[address]

    async def _calls_in(self, script: dict[str, Any]) -> int:
        at = await self._place_in(script["url"])
        around = [
            one["ranges"][0]
            for one in script["functions"]
            if at >= 0 and one["ranges"][0]["startOffset"] <= at < one["ranges"][0]["endOffset"]
        ]
        innermost = min(around, key=lambda range_: int(range_["endOffset"] - range_["startOffset"]), default=None)
        return int(innermost["count"]) if innermost else 0

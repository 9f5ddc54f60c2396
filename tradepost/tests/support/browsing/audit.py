"""What a page owes every visitor: a name, sizes to hit and to hold still, and a way to all of it by the keyboard."""

from playwright.async_api import Page, Request, Response

from browsing import Screen

# At the till fingers are in a hurry (ui.md); elsewhere WCAG 2.2, 2.5.8 holds.
TILL_TARGET_PX = 44
TARGET_PX = 24
# "Good" by web.dev/articles/cls.
MOST_SHIFT = 0.1
# Smaller files gain nothing by compression.
WORTH_COMPRESSING = 1024

# Run in each page before its own scripts: sums up what jumped without a cause.
WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
# The visible elements that a person can act on; behind an open dialog there are none.
TARGETS = """
() => {
  const inside = document.querySelector("dialog:modal") ?? document.body;
  const kinds = "a[href], button, input, select, textarea, summary, [tabindex='0'], [role=button], [role=link]";
  window.targets = [...inside.querySelectorAll(kinds)].filter((one) => {
    const box = one.getBoundingClientRect();
    const isSeen = one.checkVisibility({ visibilityProperty: true }) && box.width > 1 && box.height > 1;
    return isSeen && !one.matches(":disabled, [inert] *");
  });
  return window.targets.length;
}
"""
TOO_SMALL = """
(least) => window.targets.map((one) => {
  const box = (one.closest("label") ?? one).getBoundingClientRect();
  const isInText = getComputedStyle(one).display === "inline" && one.parentElement.textContent !== one.textContent;
  if (isInText || Math.min(box.width, box.height) > least - 0.5) return "";
  return `${Math.round(box.width)} × ${Math.round(box.height)} px is too small to hit: ${one.outerHTML.slice(0, 160)}`;
}).filter(Boolean)
"""
# React keeps the handlers of an element beside it; one that is clicked must be one that the keyboard reaches.
CLICKED_ONLY = """
() => [...document.body.querySelectorAll("*")].filter((one) => {
  const name = Object.keys(one).find((key) => key.startsWith("__reactProps"));
  // An option of a list box is chosen by the arrow keys of its field.
  const kinds = "a, button, input, select, textarea, summary, label, [role=option]";
  return name && one[name].onClick && !one.matches(kinds) && one.querySelector(kinds) === null;
}).map((one) => `only a mouse can click ${one.outerHTML.slice(0, 160)}`)
"""
NAMED = """
() => {
  const said = (name) => document.querySelector(`meta[name=${name}]`)?.content ?? "";
  const faults = [];
  if (!/^(en|ru)$/.test(document.documentElement.lang)) faults.push("no language");
  if (!document.title || document.title === "Tradepost") faults.push(`the title is ${JSON.stringify(document.title)}`);
  if (said("description").length < 40) faults.push("no description");
  if (!said("viewport").includes("width=device-width") || /maximum-scale|user-scalable/.test(said("viewport")))
    faults.push(`the viewport is ${said("viewport")}`);
  for (const image of document.images)
    if (!image.hasAttribute("width") || !image.hasAttribute("height")) faults.push(`no size: ${image.outerHTML}`);
  return faults;
}
"""
# What scrolls sideways by itself, such as a wide table, may be wider than the window; what is for ears only as well.
STICKING_OUT = """
() => {
  const wide = window.innerWidth;
  const scrolls = (one) => {
    for (let up = one.parentElement; up; up = up.parentElement)
      if (/auto|scroll/.test(getComputedStyle(up).overflowX) && up.scrollWidth > up.clientWidth) return true;
    return false;
  };
  const hasText = (one) => [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const faults = [...document.body.querySelectorAll("*")].filter((one) => {
    if (!one.checkVisibility() || !(hasText(one) || one.matches("button, a, input, select, img, svg"))) return false;
    const box = one.getBoundingClientRect();
    if (box.width <= 1 || box.height <= 1 || one.closest(".sr-only")) return false;
    return (box.left < -1 || box.right > wide + 1) && !scrolls(one);
  }).map((one) => `sticks out at ${wide} px: ${one.outerHTML.slice(0, 160)}`);
  const root = document.documentElement;
  if (root.scrollWidth > wide) faults.push(`${root.scrollWidth} px wide at ${wide} px`);
  return faults;
}
"""
FOLLOW_FOCUS = """
() => {
  window.reached = new Set();
  document.addEventListener("focusin", (event) => window.reached.add(event.target));
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
}
"""
# Of radio buttons with one name the Tab key reaches one, and the arrows the others.
UNREACHED = """
() => window.targets.filter((one) => one.isConnected && !window.reached.has(one))
  .filter((one) => one.type !== "radio" || ![...window.reached].some((other) => other.name === one.name))
  .map((one) => `the keyboard does not reach ${one.outerHTML.slice(0, 160)}`)
"""


async def watch_shifts(screen: Screen) -> None:
    """Sum up the jumps of every page from now on."""
    await screen.context.add_init_script(WATCH_SHIFTS)


async def audit(page: Page, least_px: int = TARGET_PX) -> list[str]:
    """Return what the page owes: by name, target sizes and jumps since it was loaded."""
    await page.evaluate(TARGETS)
    faults: list[str] = await page.evaluate(NAMED)
    faults += await page.evaluate(TOO_SMALL, least_px)
    faults += await page.evaluate(CLICKED_ONLY)
    shifted: float = await page.evaluate("window.shifted")
    return [*faults, f"jumped by {shifted:.3f}"] if shifted > MOST_SHIFT else faults


async def sticking_out(page: Page) -> list[str]:
    """Return what a person would have to scroll the whole page sideways for."""
    # A page that was just given another size has answered to it by the second frame.
    await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))")
    found: list[str] = await page.evaluate(STICKING_OUT)
    return found


async def unreachable(page: Page) -> list[str]:
    """Go through the page with the Tab key, and return what it does not reach; focus is lost thereby."""
    count: int = await page.evaluate(TARGETS)
    await page.evaluate(FOLLOW_FOCUS)
    # A list draws and loads more as the focus goes through it.
    found: list[str] = []
    for presses in range(1, 4 * count + 10):
        await page.keyboard.press("Tab")
        if presses >= count and not (found := await page.evaluate(UNREACHED)):
            break
    return found


class Deliveries:
    """Notes how files and pages arrive in a window: refused, failed, uncompressed, or kept too long or too short."""

    def __init__(self, screen: Screen) -> None:
        self.faults: list[str] = []
        screen.context.on("response", self._judge)
        screen.context.on("requestfailed", self._note_failure)

    def _note_failure(self, request: Request) -> None:
        # A page that is left gives up what it was waiting for.
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"{request.failure} {request.url}")

    def _judge(self, reply: Response) -> None:
        kind, headers = reply.request.resource_type, reply.headers
        cache = headers.get("cache-control", "")
        is_asset, is_page = "/assets/" in reply.url, kind == "document"
        if reply.status >= 400:
            self.faults.append(f"{reply.status} {reply.url}")
        if (is_asset and "immutable" not in cache) or (is_page and not {"no-cache", "no-store"} & {cache}):
            self.faults.append(f"{reply.url} is kept as {cache!r}")
        is_large = int(headers.get("content-length", 0)) > WORTH_COMPRESSING
        if (is_asset or is_page) and is_large and "content-encoding" not in headers:
            self.faults.append(f"{reply.url} is not compressed")

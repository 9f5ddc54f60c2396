"""The made-up language of tests on a page: whether it is mirrored, and what is written outside its brackets."""

import json
import re
from collections.abc import Iterator

from playwright.async_api import Page

from browsing import Screen

# Run in each page before its own scripts: chooses the language where the app keeps it, and overhears the API.
CHOOSE = """
if (location.protocol !== "about:") localStorage.setItem("tradepost.language", "pseudo");
window.heard = [];
const ask = window.fetch;
window.fetch = async (...request) => {
  const reply = await ask(...request);
  if (reply.url.includes("/api/")) window.heard.push(await reply.clone().text());
  return reply;
};
"""
# What the API sends as a code, and no person should read as it is.
CODES = {"kg", "piece", "cash", "card", "owner", "cashier", "done", "rejected", "warned", "opening", "adjustment"}
WORD = re.compile(r"[^\W\d_]{2,}")
# What the app is called, and what stands on keys, is the same in every language.
OUTSIDE_BRACKETS = """
() => {
  const inside = document.querySelector("dialog:modal") ?? document.body;
  const strip = (text) => {
    for (let before = ""; before !== text; ) [before, text] = [text, text.replace(/⟦[^⟦⟧]*⟧/g, " ")];
    return text;
  };
  const isShown = (one) => one.checkVisibility() && !one.closest("[translate=no], kbd, script, style");
  const texts = [document.title.replace("Tradepost", "")];
  const walker = document.createTreeWalker(inside, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (isShown(walker.currentNode.parentElement)) texts.push(walker.currentNode.data);
  for (const one of inside.querySelectorAll("[aria-label], [title], [placeholder], [alt], [aria-description]"))
    for (const name of ["aria-label", "title", "placeholder", "alt", "aria-description"])
      if (isShown(one) && one.hasAttribute(name)) texts.push(one.getAttribute(name));
  return texts.map(strip).filter((text) => text.trim() !== "");
}
"""


class Mirrored:
    """A window in the made-up language. What the API sent is data, and may stand outside of brackets."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._data: set[str] = set()
        self._sentences: set[str] = set()

    async def choose(self) -> None:
        """Have every page in the made-up language from now on."""
        await self._screen.context.add_init_script(CHOOSE)

    async def foreign(self, page: Page) -> list[str]:
        """Return whether the page is not mirrored, and what is neither in brackets nor data: from no catalogue."""
        texts: list[str] = await page.evaluate(OUTSIDE_BRACKETS)
        # After the texts: an answer is heard before it is shown, so that what comes between is no text of nobody.
        for heard in await page.evaluate("window.heard.splice(0)"):
            told = set(texts_in(as_json(heard)))
            self._sentences |= told - CODES
            self._data.update(word for text in told for word in WORD.findall(text))
        # A sentence that the API sent is data as a whole; a word of it that is a code is none by itself.
        own = [text for text in texts if text.strip() not in self._sentences]
        words = {word for text in own for word in WORD.findall(text) if is_european(word)}
        self._data -= CODES
        found = [f"comes from no catalogue: {word}" for word in sorted(words - self._data)]
        direction = await page.evaluate("[document.documentElement.dir, getComputedStyle(document.body).direction]")
        return found if direction == ["rtl", "rtl"] else [*found, f"is not mirrored: {direction}"]


def is_european(word: str) -> bool:
    """Whether a word is of a script that the catalogues are written in: dates and numbers are in Arabic."""
    return any(sign < "\u0590" for sign in word)


def as_json(text: str) -> object:
    """Return what the API sent: JSON, or nothing."""
    return json.loads(text) if text else None


def texts_in(value: object) -> Iterator[str]:
    """Yield every text of a JSON value, without the names of its fields."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)

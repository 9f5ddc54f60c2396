"""Every screen in Russian, on a desk and on a phone: nothing is left in English, nothing sticks out."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import DESK, PHONE, open_window
from browsing.audit import sticking_out
from browsing.walk import EMAIL, PASSWORD, Walked, open_page
from playwright.async_api import Browser, Page, expect

Words = dict[str, "str | Words"]
FOLDER = Path(__file__).parents[3] / "web" / "src" / "i18n"
# What a page says, but for what people wrote.
SAID = """
() => {
  const said = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, data } = walker.currentNode;
    if (parentElement.checkVisibility()) said.push(data.trim());
  }
  for (const one of document.querySelectorAll("[aria-label], [title], [placeholder]"))
    said.push(...["aria-label", "title", "placeholder"].map((name) => one.getAttribute(name)?.trim() ?? ""));
  return said.filter(Boolean);
}
"""


def sayings(part: str | Words, place: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text of a file of words, with its place."""
    if isinstance(part, str):
        yield place, part
        return
    for name, inner in part.items():
        yield from sayings(inner, f"{place}.{name}")


def texts(language: str) -> dict[str, str]:
    """Return all texts of a language by their places."""
    files = sorted((FOLDER / language).glob("*.json"))
    return {place: said for file in files for place, said in sayings(json.loads(file.read_text()), file.stem)}


def untranslated() -> set[str]:
    """Return what stands in English where Russian has other words."""
    english, russian = texts("en"), texts("ru")
    return {said for place, said in english.items() if said != russian.get(place)} - set(russian.values())


async def sign_in(page: Page) -> None:
    """Sign in by the form, whatever its words are."""
    await page.goto("/")
    await page.locator("input[type=email]").fill(EMAIL)
    await page.locator("input[type=password]").fill(PASSWORD)
    await page.locator("button[type=submit]").click()
    await expect(page.get_by_role("navigation").first).to_be_visible()


@pytest.mark.long
@pytest.mark.journey
async def test_every_screen_speaks_russian_and_nothing_sticks_out(browser: Browser, walked: Walked) -> None:
    english, faults = untranslated(), []
    assert len(english) > 1000
    async with open_window(browser, walked.address, locale="ru-RU") as screen:
        page = await screen.context.new_page()
        for size in (DESK, PHONE):
            await page.set_viewport_size(size)
            for path in walked.outside if size == DESK else ():
                faults += await looked_at(page, path, english)
            if size == DESK:
                await sign_in(page)
            for path in walked.inside:
                faults += [f"{size['width']} px: {fault}" for fault in await looked_at(page, path, english)]

    assert not faults, "\n".join(faults)


async def looked_at(page: Page, path: str, english: set[str]) -> list[str]:
    """Return what a page says in English, and what sticks out of it."""
    await open_page(page, path)
    said = set(await page.evaluate(SAID))
    assert len(said) > 2, f"{path} says nothing"
    faults = [f"{path} says {each!r}" for each in sorted(said & english)]
    return faults + [f"{path}: {each}" for each in await sticking_out(page)]


@pytest.mark.long
@pytest.mark.journey
async def test_a_word_that_is_left_in_english_is_found(browser: Browser, walked: Walked) -> None:
    """The mutant: the same pages, asked for in English."""
    async with open_window(browser, walked.address, locale="en-GB") as screen:
        page = await screen.context.new_page()
        assert len(await looked_at(page, "/sign-in", untranslated())) > 3

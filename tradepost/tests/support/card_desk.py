"""Cards on the screen: pictures put in as a person does, and the page on which they are checked."""

import re
from collections.abc import Sequence

from drawn_cards import Line, as_bytes, draw_card
from playwright.async_api import FilePayload, Locator, Page, expect

# Pictures are read one after the other, a second or more each, on a machine that has other things to do.
READING_MS = 120_000
SMALL = (600, 320)


def small_card(name: str, company: str, *lines: Line) -> bytes:
    """Return the picture of a plain card that is quick to read."""
    drawn = [(company, 30, 30), (name, 40, 90), *lines]
    return as_bytes(draw_card(drawn, size=SMALL))


def picture(name: str, content: bytes) -> FilePayload:
    """Return a file as the browser is given it."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": content}


async def put_in(page: Page, files: Sequence[FilePayload], label: str = "Choose pictures") -> None:
    """Choose pictures on the page of cards."""
    await page.get_by_label(label).set_input_files(files)
    await expect(page).to_have_url(re.compile(r"[?&]batch="))


async def begin_to_check(page: Page, link: str) -> Locator:
    """Wait until the pictures are read, follow the link to the review, and return its form."""
    await page.get_by_role("link", name=link).click(timeout=READING_MS)
    form = page.locator("form").filter(has=page.locator("[data-accept]"))
    await expect(form).to_be_visible()
    return form


def batch_of(page: Page) -> str:
    """Return the batch that the address names; raises AssertionError when it names none."""
    found = re.search(r"[?&]batch=([0-9a-f-]{36})", page.url)
    assert found is not None, page.url
    return found[1]

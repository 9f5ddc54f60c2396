"""The pictures of a product in a browser and over the API of the running program: added, seen, turned, deleted."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
from browsing import open_window
from browsing.walk import Walked, open_page, sign_in
from PIL import Image
from playwright.async_api import Browser, FilePayload, Page, Response, expect

from mainstay import clock


def picture(size: tuple[int, int] = (1600, 1200)) -> bytes:
    """Return the file of a picture with shapes, as photos have them, that tells where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = "geo:52.5200,13.4050"
    file = io.BytesIO()
    shapes = Image.frombytes("RGB", (60, 60), Random(60).randbytes(3 * 60 * 60))  # noqa: S311  the same each time
    shapes.resize(size, Image.Resampling.BICUBIC).save(file, "JPEG", exif=exif.tobytes())
    return file.getvalue()


@pytest.fixture
async def page(browser: Browser, walked: Walked) -> AsyncIterator[Page]:
    """The panel of a product, in the hands of somebody who may change products."""
    async with open_window(browser, walked.address) as screen:
        page = await screen.context.new_page()
        await sign_in(page)
        await open_page(page, f"/catalogue?q=macaron&product={walked.product.id}")
        yield page


def stored(data: Path) -> list[Path]:
    """Return what lies in the folder of files."""
    return sorted(path for path in (data / "files").rglob("*") if path.is_file())


@pytest.mark.journey
@pytest.mark.practice(88)
async def test_a_picture_is_added_seen_turned_and_deleted_and_nothing_is_left(page: Page, walked: Walked) -> None:
    before = stored(walked.data)
    shown: list[str] = []

    def note(answer: Response) -> None:
        if "/forms/" in answer.url:
            shown.append(answer.headers["content-type"])

    page.on("response", note)
    files = page.get_by_role("region", name="Pictures and files")
    sent: FilePayload = {"name": "teapot.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    await files.get_by_label("Add a file").first.set_input_files(sent)
    thumbnail = files.get_by_role("img", name="teapot.jpg")
    await expect(thumbnail).to_be_visible(timeout=20_000)
    assert await thumbnail.evaluate("image => image.decode().then(() => image.naturalWidth)") == 256
    await expect(files.get_by_text("not scanned for viruses")).to_be_visible()
    assert len(stored(walked.data)) == len(before) + 5
    assert "image/avif" in shown
    assert not any(b"geo:52" in path.read_bytes() for path in stored(walked.data))

    await files.get_by_role("button", name="Turn teapot.jpg").click()
    await expect(thumbnail).to_have_attribute("height", "256", timeout=20_000)

    await files.get_by_role("button", name="Delete teapot.jpg").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    await expect(thumbnail).to_have_count(0)
    deadline = clock.monotonic() + 20
    while stored(walked.data) != before:
        assert clock.monotonic() < deadline, "Bytes are left of a picture that was deleted."
        await asyncio.sleep(0.1)


@pytest.mark.journey
async def test_what_is_no_picture_is_refused_with_the_reason(page: Page) -> None:
    files = page.get_by_role("region", name="Pictures and files")
    sent: FilePayload = {"name": "teapot.png", "mimeType": "image/png", "buffer": b"<svg onload=alert(1)></svg>"}
    await files.get_by_label("Add a file").first.set_input_files(sent)
    await expect(files.get_by_text("This kind of file is not taken here.")).to_be_visible()

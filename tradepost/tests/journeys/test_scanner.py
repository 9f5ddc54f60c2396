"""The running program with a real clamd: what waits while the scanner hangs, what comes in, and what does not."""

from collections.abc import Callable

import pytest
from browsing import open_window
from card_desk import picture, put_in, small_card
from cards_read import packed
from playwright.async_api import Browser, expect
from scanner_server import VIRUS, running_scanner
from shopfloor import business_in, created, store_in

from mainstay import ids
from mainstay.testing.process import ProgramProcess

CARD, OTHER = small_card("Odalys Fennimore", "Kestrel Tools"), small_card("Bo Li", "Bilby Ltd")
# The job asks again after ten seconds, and twenty more; a machine has other things to do.
AGAIN_MS = 120_000
CSV = {"Content-Type": "text/csv"}
KEPT = "3 files wait for the virus scanner."


@pytest.mark.journey
@pytest.mark.long
@pytest.mark.practice(14)
async def test_cards_that_are_sent_while_the_scanner_is_away_are_kept_and_a_virus_among_them_is_found(
    browser: Browser, start_program: Callable[..., ProgramProcess]
) -> None:
    with running_scanner() as scanner:
        settings = {"TRADEPOST_FILES_SCANNER": scanner.url, "TRADEPOST_FILES_SCAN_TIMEOUT": "2"}
        program = start_program(**settings)
        async with program.owner() as owner, open_window(browser, program.address) as screen:
            store = store_in()
            await created(owner, "/api/v1/shop", business_in(store))
            await screen.adopt(owner)
            page = await screen.context.new_page()
            await page.goto("/contacts/cards")
            with scanner.standing_still():
                archive = picture("hall.zip", packed({"1.jpg": OTHER, "notes.txt": b"no picture"}))
                await put_in(page, [picture("fair.jpg", CARD), picture("lucky.jpg", CARD + VIRUS), archive])
                await expect(page.get_by_text(KEPT)).to_be_visible(timeout=AGAIN_MS)
                # They are here, and not in this browser alone: whoever comes back finds them, and sees none of them.
                await page.reload()
                await expect(page.get_by_text(KEPT)).to_be_visible()
                await expect(page.get_by_text("Kept, not opened")).to_have_count(3)
                await expect(page.get_by_role("img", name="fair.jpg")).to_have_count(0)
                params = {"id": str(ids.new_id()), "store_id": store["id"], "filename": "prices.csv"}
                sent = await owner.post(
                    "/api/v1/catalog/imports", params=params, content=b"name,price\nTea,1.00\n", headers=CSV
                )
                assert (sent.status_code, sent.json()["scan"]) == (202, "waiting")
                prices = await screen.context.new_page()
                await prices.goto(f"/catalogue/imports/{sent.json()['id']}")
                await expect(prices.get_by_text("waits for the virus scanner")).to_be_visible()
            # All go on by themselves.
            await expect(page.get_by_role("img", name="fair.jpg")).to_be_visible(timeout=AGAIN_MS)
            await expect(page.get_by_text("Taken in part")).to_be_visible(timeout=AGAIN_MS)
            await expect(page.get_by_text("notes.txt")).to_be_visible()
            await expect(page.get_by_text("a virus was found")).to_be_visible(timeout=AGAIN_MS)
            await expect(prices.get_by_text("scanned, clean")).to_be_visible(timeout=AGAIN_MS)
            assert (await owner.get("/api/v1/crm/card-photos")).json()["total"] == 2

            await put_in(page, [picture("unlucky.jpg", CARD + VIRUS + b"2")])
            await expect(page.get_by_text("The virus scanner found something in the file.").last).to_be_visible()
            assert (await owner.get("/api/v1/crm/card-photos")).json()["total"] == 2

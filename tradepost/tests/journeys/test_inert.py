"""What people type is shown as they typed it, and runs nowhere."""

import pytest
from browsing import open_window
from browsing.walk import Walked, open_page, sign_in
from playwright.async_api import Browser, expect
from shopfloor import created

from mainstay import ids

# Each would leave a mark on the page that ran it.
TEXTS = (
    "<script>window.ran='script'</script> Чайник",
    "<img src=x onerror=\"window.ran='image'\"> Ёлка",
    "'\"><svg onload=window.ran='svg'> Щётка & Co",
    "{{constructor.constructor(`window.ran='template'`)()}} 茶壶 إبريق",
)
CONTACTS = "/api/v1/crm/contacts"


@pytest.mark.journey
@pytest.mark.practice(9)
async def test_what_is_typed_comes_back_as_it_was_and_runs_nowhere(browser: Browser, walked: Walked) -> None:
    keys = [str(ids.new_id()) for _ in TEXTS]
    for key, text in zip(keys, TEXTS, strict=True):
        made = await created(walked.owner, CONTACTS, {"id": key, "name": text, "notes": text, "tags": [text[:40]]})
        assert (made["name"], made["notes"]) == (text, text)
    async with open_window(browser, walked.address) as screen:
        page = await screen.context.new_page()
        await sign_in(page)
        for key, text in zip(keys, TEXTS, strict=True):
            await open_page(page, f"/contacts?contact={key}")
            await expect(page.get_by_text(text, exact=True).first).to_be_visible()
            assert await page.evaluate("window.ran") is None, text
        await open_page(page, f"/contacts/merge?ids={keys[0]},{keys[1]}")
        await open_page(page, "/settings")
        assert await page.evaluate("window.ran") is None
        # The policy is the second belt: even a script in the page itself does not run.
        await page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'ran = 1'}))")
        assert await page.evaluate("window.ran") is None
    for key in keys:
        assert (await walked.owner.post(f"{CONTACTS}/{key}/archive")).is_success

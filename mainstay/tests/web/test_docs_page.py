"""The documentation page works in a real browser, within the security policy."""

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright
from probe.served import Served

from mainstay.testing.client import Client
from mainstay.web.docs_page import PATH, docs_files

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
});
"""
OPENS = ".opblock-summary-control"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


async def opened(browser: Browser, served: Served) -> tuple[Page, list[str], list[str]]:
    """Return the page when it is ready, what its console says, and the addresses that it asks for."""
    page = await browser.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    await page.add_init_script(WATCH)
    await page.goto(f"{served.url}/api/docs")
    await page.wait_for_selector(".opblock-tag")
    return page, said, asked


async def show(operation: Locator) -> None:
    """Open an operation and close it when it is drawn: with every click, the page draws anew all that is open."""
    await operation.locator(OPENS).click()
    await operation.locator(".opblock-body .responses-wrapper").wait_for()
    await operation.locator(OPENS).click()
    await operation.locator(".opblock-body").wait_for(state="hidden")


@pytest.mark.practice(2)
async def test_the_page_shows_and_calls_operations_without_a_single_violation(served: Served) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        page, said, asked = await opened(browser, served)
        groups = page.locator(".opblock-tag[data-is-open=false]")
        while await groups.count():
            await groups.first.click()
        operations = page.locator(".opblock")
        shown = await operations.count()
        for number in range(shown):
            await show(operations.nth(number))
        live = page.locator("#operations-Health-health_live")
        await live.locator(OPENS).click()
        await live.get_by_text("Try it out").click()
        await live.get_by_role("button", name="Execute").click()
        status = await live.locator(".live-responses-table .response-col_status").last.inner_text()
        violations = await page.evaluate("window.violations")
        title = await page.title()
        await browser.close()

    assert shown == 20
    assert status.startswith("200")
    assert violations == []
    assert said == []
    assert all(address.startswith((served.url, "data:")) for address in asked)
    assert title == "Probe & <Co>: API"


async def test_the_policy_of_the_page_is_the_strict_one(api: Client) -> None:
    reply = await api.get("/api/docs")

    assert "unsafe" not in reply.headers["Content-Security-Policy"]
    assert "<script>" not in reply.text
    assert "style=" not in reply.text


async def test_all_that_the_page_loads_is_there(api: Client) -> None:
    for address in docs_files("Probe"):
        reply = await api.get(address)
        assert (address, reply.status_code) == (address, 200)
        assert len(reply.content) > 100
    assert (await api.get(f"{PATH}/nothing.js")).status_code == 404
    assert (await api.post(PATH)).status_code == 405

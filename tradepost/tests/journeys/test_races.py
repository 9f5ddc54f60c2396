"""Two people change the same thing: each screen that edits one says what clashes, and saves upon what is there now."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from browsing import Screen, open_window
from browsing.walk import Walked, open_page, sign_in
from playwright.async_api import Browser, Locator, Page, expect
from shopfloor import created

from mainstay import ids
from mainstay.testing.client import Client

Body = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """A window of one person, and the client of another."""

    screen: Screen
    page: Page
    other: Client

    async def changed(self, verb: str, path: str, body: Body) -> Body:
        """Change something as the other person."""
        answer = await self.other.request(verb, f"/api/v1{path}", json=body)
        assert answer.status_code == 200, answer.text
        found: Body = answer.json()
        return found

    async def clash(self, inside: Locator, field: str, *sides: str) -> Locator:
        """Wait until a field is said to clash, with what it was, mine and theirs."""
        note = inside.get_by_role("alert")
        await expect(note).to_contain_text("Somebody else changed this first")
        section = note.get_by_role("region", name=field)
        assert await section.locator("dd").all_inner_texts() == list(sides)
        await self.screen.check(self.page, f"a clash over {field}")
        return note

    def said(self, what: str) -> Locator:
        """The note that something was done; what was refused is gone as soon as it is sent again."""
        return self.page.get_by_role("status").get_by_text(what, exact=True)


@pytest.fixture
async def desk(browser: Browser, walked: Walked) -> AsyncIterator[Desk]:
    """A window in the hands of the owner, who is at another browser too."""
    async with open_window(browser, walked.address) as screen:
        page = await screen.context.new_page()
        await sign_in(page)
        yield Desk(screen, page, walked.owner)
        assert screen.faults == []


@pytest.mark.journey
async def test_a_tag_that_somebody_else_renamed_keeps_their_colour_and_gets_my_name(desk: Desk) -> None:
    mark = ids.new_id().hex[-8:]
    tag = await created(desk.other, "/api/v1/tagging/tags", {"id": str(ids.new_id()), "name": f"Vendor {mark}"})
    await open_page(desk.page, "/settings")
    await desk.page.get_by_role("button", name=f"Change Vendor {mark}").click()
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="Name").fill(f"Seller {mark}")
    theirs = {"version": 1, "name": f"Supplier {mark}", "colour": "red"}
    await desk.changed("PATCH", f"/tagging/tags/{tag['id']}", theirs)

    await dialog.get_by_role("button", name="Save").click()

    note = await desk.clash(dialog, "Name", f"Vendor {mark}", f"Seller {mark}", f"Supplier {mark}")
    await expect(note).to_contain_text("Changed by them: Colour: Red")
    await expect(dialog.get_by_role("combobox", name="Colour")).to_have_value("red")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    items = (await desk.other.get("/api/v1/tagging/tags")).json()["items"]
    now = next(one for one in items if one["id"] == tag["id"])
    assert (now["name"], now["colour"], now["version"]) == (f"Seller {mark}", "red", 3)


@pytest.mark.journey
async def test_a_role_shows_which_rights_each_side_gave_and_took(desk: Desk) -> None:
    title = f"Keeper {ids.new_id().hex[-8:]}"
    body = {"id": str(ids.new_id()), "title": title, "permissions": ["crm.read"]}
    role = await created(desk.other, "/api/v1/identity/roles", body)
    await open_page(desk.page, "/settings")
    await desk.page.get_by_role("button", name=f"Change the role {title}").click()
    dialog = desk.page.get_by_role("dialog")
    await dialog.get_by_role("checkbox", name="See products", exact=True).check()
    await desk.changed("PATCH", f"/identity/roles/{role['key']}", {"version": 1, "permissions": []})

    await dialog.get_by_role("button", name="Save").click()

    note = await desk.clash(dialog, "Rights", "1 right", "+ See products", "− See contacts")
    await note.get_by_role("button", name="Take theirs").click()
    await expect(dialog.get_by_role("checkbox", name="See products", exact=True)).not_to_be_checked()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)


@pytest.mark.journey
async def test_a_role_that_somebody_else_bound_meanwhile_stays_bound_when_i_bind_another(desk: Desk) -> None:
    mark = ids.new_id().hex[-8:]
    roles = [
        await created(
            desk.other,
            "/api/v1/identity/roles",
            {"id": str(ids.new_id()), "title": f"{title} {mark}", "permissions": []},
        )
        for title in ("Mine", "Theirs")
    ]
    mine, theirs = [role["key"] for role in roles]
    await open_page(desk.page, "/settings")
    before = (await desk.other.get("/api/v1/identity/factor-policy")).json()
    bound = {"version": before["version"], "roles": [*before["roles"], theirs]}
    await desk.changed("PUT", "/identity/factor-policy", bound)

    await desk.page.get_by_role("checkbox", name=f"Mine {mark}").click()

    await expect(desk.page.get_by_role("checkbox", name=f"Theirs {mark}")).to_be_checked()
    now = (await desk.other.get("/api/v1/identity/factor-policy")).json()
    assert set(now["roles"]) - set(before["roles"]) == {mine, theirs}
    for role in roles:
        gone = await desk.other.delete(f"/api/v1/identity/roles/{role['key']}", params={"version": role["version"]})
        assert gone.status_code == 204


@pytest.mark.journey
async def test_a_webhook_and_a_switch_are_saved_upon_what_is_there_now(desk: Desk) -> None:
    page = desk.page
    name = f"Books {ids.new_id().hex[-8:]}"
    wanted: Body = {"url": "https://localhost/books", "description": name, "events": ["catalog.*"]}
    made = await created(desk.other, "/api/v1/webhooks/subscriptions", wanted | {"id": str(ids.new_id())})
    await open_page(page, f"/settings/webhooks?webhook={made['id']}")
    await page.get_by_role("button", name="Change…").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("textbox", name="Description").fill("Mine")
    path = f"/webhooks/subscriptions/{made['id']}"
    await desk.changed("PUT", path, wanted | {"version": 1, "description": "Theirs", "url": "https://localhost/b"})
    await dialog.get_by_role("button", name="Save").click()
    await desk.clash(dialog, "Description", name, "Mine", "Theirs")
    await expect(dialog.get_by_role("textbox", name="Address")).to_have_value("https://localhost/b")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    # Other tests see the same program.
    assert (await desk.other.delete(f"/api/v1{path}")).status_code == 204

    await open_page(page, "/settings/flags?flag=crm.card_scanning")
    panel = page.get_by_role("complementary")
    await panel.get_by_role("combobox", name="Where no rule fits").select_option("false")
    flags = (await desk.other.get("/api/v1/flags")).json()["items"]
    version = next(one["version"] for one in flags if one["key"] == "crm.card_scanning")
    rule = {"value": True, "percent": 25}
    await desk.changed("PUT", "/flags/crm.card_scanning", {"version": version, "rules": [rule], "otherwise": True})
    await panel.get_by_role("button", name="Save").click()
    note = panel.get_by_role("alert")
    await expect(note).to_contain_text("Changed by them: Rules: on · 25 %")
    await panel.get_by_role("button", name="Save").click()
    await expect(desk.said("It holds now")).to_be_visible()
    await expect(panel.get_by_role("alert")).to_have_count(0)
    flags = (await desk.other.get("/api/v1/flags")).json()["items"]
    now = next(one for one in flags if one["key"] == "crm.card_scanning")
    assert (now["otherwise"], [one["percent"] for one in now["rules"]]) == (False, [25])
    await desk.changed("PUT", "/flags/crm.card_scanning", {"version": now["version"]})


@pytest.mark.journey
async def test_ones_own_name_is_saved_upon_what_is_there_now(desk: Desk) -> None:
    page = desk.page
    people = (await desk.other.get("/api/v1/identity/people")).json()["items"]
    owner = next(one for one in people if one["role"] == "owner")
    await open_page(page, "/account")
    field = page.get_by_role("textbox", name="Name", exact=True)
    await field.fill("Olga Mine")
    theirs = await desk.changed("PATCH", "/identity/account", {"version": owner["version"], "name": "Olga Theirs"})
    await page.get_by_role("button", name="Save", exact=True).first.click()
    note = await desk.clash(page.get_by_role("main"), "Name", owner["name"], "Olga Mine", "Olga Theirs")
    await note.get_by_role("button", name="Take theirs").click()
    await expect(field).to_have_value("Olga Theirs")
    await field.fill(owner["name"])
    await page.get_by_role("button", name="Save", exact=True).first.click()
    await expect(desk.said("Saved")).to_be_visible()
    await expect(note).to_have_count(0)
    now = (await desk.other.get("/api/v1/identity/account")).json()
    assert (now["name"], now["version"]) == (owner["name"], theirs["version"] + 1)

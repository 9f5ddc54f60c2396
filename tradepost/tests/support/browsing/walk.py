"""The way past every screen: what they show is made first, through the front door."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from card_desk import READING_MS, small_card
from playwright.async_api import Page, expect
from shopfloor import Product, Till, created, line_in, product_factory, sale_in, sell, tender_in

from mainstay import clock, ids
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess

FAILED_JOB = """
WITH job AS (
    INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts, args) VALUES
        ('default', 'catalog.learn_words', 'failed', 6, '{"event": {"name": "catalog.product_changed",
         "id": "0192e0a4-3f1d-7c51-9d7e-5b2f3f6c9a01", "request_id": "7f0c2a4e", "happened_at": "2026-11-21T10:30:00Z",
         "payload": {"product_id": "0192e0a4-3f1d-7c51-9d7e-5b2f3f6c9a02"}}}')
    RETURNING id
),
progress AS (INSERT INTO mainstay_job_progress (job_id, done, total) SELECT id, 1240, 5000 FROM job)
INSERT INTO mainstay_job_failure (job_id, attempt, error, reason, stack, request_id, duration_ms)
SELECT id, 6, 'asyncpg.exceptions.LockNotAvailableError', NULL, 'tradepost/catalog/repository/words.py:40 learn',
       '7f0c2a4e', 2004 FROM job RETURNING job_id
"""
JPEG = {"Content-Type": "image/jpeg"}
EMAIL, PASSWORD = "olga@shop.example", "three quiet green trains"


@dataclass(frozen=True, slots=True)
class Walked:
    """What the screens show: tills with a sale, an invitation, an import, people, a card, a job, a hook, an error."""

    address: str
    owner: Client
    till: Till
    closed_register: UUID
    sale_id: str
    invitation: str
    import_id: str
    product: Product
    contact_id: str
    batch_id: str
    like_id: str
    failed_job: int
    webhook: str
    delivery: str
    error_id: str
    data: Path

    @property
    def outside(self) -> list[str]:
        """The address of every page for people who are not signed in."""
        return [
            "/sign-in",
            self.invitation,
            "/setup#used",
            "/reset#used",
            "/confirm#used",
            "/forgot",
            "/unsubscribe#cut-off",
        ]

    @property
    def selling(self) -> str:
        """The address of the till that sells."""
        return f"/till/{self.till.register_id}"

    @property
    def inside(self) -> list[str]:
        """The address of every page for people who are signed in."""
        return [
            "/numbers",
            f"/catalogue?q=macaron&product={self.product.id}",
            "/catalogue/imports",
            f"/catalogue/imports/{self.import_id}",
            "/contacts",
            f"/contacts?contact={self.contact_id}",
            "/contacts/cards",
            f"/contacts/cards?batch={self.batch_id}",
            f"/contacts/cards/review?batch={self.batch_id}",
            "/contacts/duplicates",
            f"/contacts/merge?ids={self.contact_id},{self.like_id}",
            f"/sales?sale={self.sale_id}",
            "/shifts",
            "/settings",
            "/settings/security",
            "/settings/audit?act=identity.person_joined",
            f"/settings/audit/story/identity.person/{self.owner.person_id}",
            f"/settings/queue?job={self.failed_job}",
            "/settings/queue?state=schedules",
            "/settings/flags?flag=crm.card_scanning",
            "/settings/flags?view=somebody",
            "/settings/status",
            f"/settings/errors?error={self.error_id}",
            "/settings/errors?state=ignored",
            "/settings/webhooks",
            f"/settings/webhooks?webhook={self.webhook}&delivery={self.delivery}",
            "/settings/webhooks?view=in",
            "/notifications",
            "/account",
            "/dev/mailbox",
            f"/receipt/{self.sale_id}",
            self.selling,
            f"/till/{self.closed_register}",
            "/till",
            "/no-such-page",
        ]


async def sample_registers(owner: Client) -> list[dict[str, Any]]:
    """Return the registers of the sample, which comes last of all: the program answers before it has loaded it."""
    for _ in range(600):
        if found := (await owner.get("/api/v1/pos/registers")).json()["items"]:
            return list(found)
        await asyncio.sleep(0.1)
    raise AssertionError("no register after a minute")


async def prepare(owner: Client, program: ProgramProcess) -> Walked:
    """Make what the screens show, through the front door."""
    body = {"token": program.owner_token(), "name": "Olga", "email": EMAIL, "password": PASSWORD}
    owner.adopt(await owner.post("/api/v1/identity/invitations/accept", json=body))
    register, closed, *_ = await sample_registers(owner)
    till = Till(UUID(register["store_id"]), UUID(register["id"]), ids.new_id())
    shift = {"id": str(till.shift_id), "register_id": str(till.register_id), "float_minor": 10000}
    await created(owner, "/api/v1/pos/shifts", shift)
    product = await product_factory(owner, till)(stock="10", barcode="6291041500213")
    weighed = await product_factory(owner, till)(price="2.00", stock="10", unit="kg")
    lines = [line_in(product, "2", discount={"kind": "percent", "value": "10"}), line_in(weighed, "0.5")]
    sold = await sell(owner, sale_in(till, lines, 548, tenders=[tender_in(600)]))
    guest = {"id": str(ids.new_id()), "name": "Grace", "email": "grace@shop.example", "role": "cashier"}
    invited = await created(owner, "/api/v1/identity/invitations", guest)
    imported, contact = await bad_import(owner, till), await a_contact(owner)
    places = (UUID(closed["id"]), sold["id"], invited["link_path"], imported)
    people = (contact, await a_card(owner), await a_like_contact(owner))
    hooks = await a_webhook(owner)
    return Walked(
        *(program.address, owner, till, *places, product, *people, a_failed_job(program), *hooks),
        await an_error(owner),
        program.data_dir,
    )


async def an_error(owner: Client) -> str:
    """Have a browser fail, and return the error that the program keeps."""
    place = {"file": "/assets/till-C0ffee12.js", "function": "pay", "line": 1, "column": 4711}
    failed = {"kind": "TypeError", "message": "undefined is not a function", "page": "/till", "places": [place]}
    sent = await owner.post("/api/v1/client-errors", json=failed)
    assert sent.status_code == 204, sent.text
    deadline = clock.monotonic() + READING_MS / 1000
    while not (items := (await owner.get("/api/v1/operations/errors?role=browser")).json()["items"]):
        assert clock.monotonic() < deadline, "The error was not kept."
        await asyncio.sleep(0.2)
    return str(items[0]["id"])


async def a_webhook(owner: Client) -> tuple[str, str]:
    """Make a webhook to an address that is never called, a delivery that failed, and a source."""
    key, base = str(ids.new_id()), "/api/v1/webhooks"
    hook = {"id": key, "url": "https://localhost/hooks", "description": "Accounting", "events": ["pos.*", "stock.*"]}
    await created(owner, f"{base}/subscriptions", hook)
    source = {"id": str(ids.new_id()), "name": "web-shop", "description": "Orders of the web shop"}
    await created(owner, f"{base}/sources", source)
    sent = await owner.post(f"{base}/subscriptions/{key}/test")
    assert sent.status_code == 202, sent.text
    delivery = str(sent.json()["id"])
    deadline = clock.monotonic() + READING_MS / 1000
    while not (await owner.get(f"{base}/deliveries/{delivery}")).json()["attempts"]:
        assert clock.monotonic() < deadline, "The test was not tried."
        await asyncio.sleep(0.2)
    return key, delivery


def a_failed_job(program: ProgramProcess) -> int:
    """Leave a job in the queue that failed for good."""
    ((key,),) = program.ask(FAILED_JOB)
    return int(key)


async def a_card(owner: Client) -> str:
    """Have the picture of a card read, and return its batch."""
    batch = str(ids.new_id())
    query = {"id": str(ids.new_id()), "batch_id": batch, "filename": "fair.jpg"}
    picture = small_card("Odalys Fennimore", "Kestrel Tools Ltd", ("Sales Manager", 24, 145))
    sent = await owner.post("/api/v1/crm/card-photos", params=query, content=picture, headers=JPEG)
    assert sent.status_code == 201, sent.text
    deadline = clock.monotonic() + READING_MS / 1000
    while (await owner.get(f"/api/v1/crm/card-batches/{batch}")).json()["done"] == 0:
        assert clock.monotonic() < deadline, "The picture was not read."
        await asyncio.sleep(0.2)
    return batch


async def a_contact(owner: Client) -> str:
    """Make a person who has everything, and the company."""
    key, company = str(ids.new_id()), str(ids.new_id())
    await created(owner, "/api/v1/crm/contacts", {"id": company, "kind": "company", "name": "Camomile & Sons"})
    person = {
        "id": key,
        "name": "Anna Petrova",
        "company_id": company,
        "title": "Head of purchasing",
        "phones": [{"written": "+7 912 345-67-89", "kind": "mobile"}],
        "emails": [{"address": "anna.petrova@camomile.example"}],
        "websites": [{"url": "https://camomile.example"}],
        "addresses": [{"text": "1 Meadow Lane\nSpringfield"}],
        "tags": ["VIP", "wholesale"],
        "groups": ["Tea"],
        "notes": "Calls on Mondays.",
    }
    await created(owner, "/api/v1/crm/contacts", person)
    return key


async def a_like_contact(owner: Client) -> str:
    """Make a person who may be the same as the one who has everything."""
    key = str(ids.new_id())
    phones = [{"written": "+7 912 345-67-89", "kind": "mobile"}]
    await created(owner, "/api/v1/crm/contacts", {"id": key, "name": "Анна Петрова", "phones": phones})
    return key


async def bad_import(owner: Client, till: Till) -> str:
    """Import a file with a row that is rejected."""
    key = str(ids.new_id())
    query = {"id": key, "filename": "things.csv", "store_id": str(till.store_id)}
    content = b"barcode,name,price,tax_rate,stock\n,Thing,1.50,20,3\n,No price,,20,3\n"
    answer = await owner.post(
        "/api/v1/catalog/imports", params=query, content=content, headers={"Content-Type": "text/csv"}
    )
    assert answer.status_code == 202, answer.text
    return key


async def open_page(page: Page, path: str) -> None:
    """Load a page anew, even where only its fragment differs, and wait until it shows its content."""
    if "#" in path:
        await page.goto("about:blank")
    await page.goto(path)
    await settled(page)


async def settled(page: Page) -> None:
    """Wait until the page shows its content."""
    await expect(page.locator("h1, h2").first).to_be_visible()
    await expect(page.locator(".skeleton")).to_have_count(0)


async def sign_in(page: Page) -> None:
    """Sign in by the form."""
    await page.goto("/")
    await page.get_by_label("E-mail").fill(EMAIL)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("navigation", name="Main navigation")).to_be_visible()


async def tap_the_product(page: Page, walked: Walked) -> None:
    """Put the product that is sold by piece on the ticket, by structure and not by words."""
    await page.locator("#finder").wait_for()
    await page.locator("section ul > li > button", has_text=walked.product.name).click()
    await expect(page.locator("section ol > li")).to_have_count(1)

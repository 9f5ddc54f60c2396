"""The well-known addresses: where a password is changed, and whom to tell of a hole, if the settings say."""

from datetime import datetime, timedelta

import httpx2
import pytest
from probe.main import make_program
from pydantic import ValidationError

from mainstay import clock
from mainstay.bootstrap.api import create_api
from mainstay.cache.settings import CacheSettings
from mainstay.db.engine import DatabaseSettings
from mainstay.keyring import Keyring
from mainstay.net.settings import RedisSettings
from mainstay.observe.health import HealthSettings
from mainstay.settings import Configuration, CoreSettings
from mainstay.testing.client import Client
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.metrics import MetricsSettings
from mainstay.web.overload.settings import OverloadSettings
from mainstay.web.transport import TransportSettings

NOWHERE = "postgresql://nobody@127.0.0.1:1/nowhere"
CONTACT = "mailto:security@shop.example"


async def asked(core: CoreSettings, path: str) -> httpx2.Response:
    others = (
        DatabaseSettings(),
        RedisSettings(),
        CacheSettings(),
        HealthSettings(),
        TransportSettings(),
        LimitSettings.defaults(),
        OverloadSettings(),
        MetricsSettings(),
    )
    app = create_api(make_program(), Configuration((core, *others)), NOWHERE, Keyring(b"k" * 32))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://localhost") as client:
        return await client.get(f"/.well-known/{path}")


async def test_a_password_manager_is_sent_to_the_account_page(api: Client) -> None:
    answer = await api.get("/.well-known/change-password", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (302, "/account")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_it_needs_no_database() -> None:
    assert (await asked(CoreSettings(), "change-password")).status_code == 302


async def test_nobody_is_named_unless_the_settings_do(api: Client) -> None:
    answer = await api.get("/.well-known/security.txt")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_whom_to_tell_of_a_hole_is_told_with_a_date_within_the_year() -> None:
    answer = await asked(CoreSettings(security_contact=CONTACT), "security.txt")

    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    contact, expires = answer.text.splitlines()
    assert contact == f"Contact: {CONTACT}"
    until = datetime.fromisoformat(expires.removeprefix("Expires: "))
    assert timedelta(days=90) < until - clock.now() < timedelta(days=365)


async def test_the_address_of_the_file_is_told_when_it_is_known() -> None:
    core = CoreSettings(security_contact="https://shop.example/tell", public_url="https://shop.example")

    answer = await asked(core, "security.txt")

    assert answer.text.splitlines()[2] == "Canonical: https://shop.example/.well-known/security.txt"


@pytest.mark.parametrize(
    "contact", ["security@shop.example", "http://shop.example", "mailto:a b", "https://x\nExpires: 1"]
)
def test_a_contact_that_is_no_address_stops_the_start(contact: str) -> None:
    with pytest.raises(ValidationError):
        CoreSettings(security_contact=contact)

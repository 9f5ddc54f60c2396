"""The server's certificate is good for the addresses of the moment, and never runs out."""

import ssl
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest

from mainstay.bootstrap.lan.authority import FILE, RENEW_BEFORE, SERVER_LIFE, Authority, names_in, read_certificate
from mainstay.bootstrap.lan.keeper import Keeper
from mainstay.bootstrap.lan.names import Names
from mainstay.testing.frozen import FrozenClock

Visit = Callable[[Path, Path | None, str], dict[str, object]]


class Network(Protocol):
    names: Names

    def ask(self) -> Names: ...


def test_an_expired_certificate_is_refused_by_devices_and_renewed_by_itself(
    keeper: Keeper, visit: Visit, moment: FrozenClock
) -> None:
    """The clock stands in the past when it is made: for the devices it has run out."""
    moment.move(-SERVER_LIFE - timedelta(days=1))
    keeper.keep()
    old = keeper.server_file.with_name("old.pem")
    old.write_bytes(keeper.server_file.read_bytes())
    moment.move(SERVER_LIFE + timedelta(days=1))

    assert keeper.keep()

    with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
        visit(old, keeper.folder / FILE, "shop.local")
    assert visit(keeper.server_file, keeper.folder / FILE, "shop.local")["subjectAltName"]


@pytest.mark.parametrize(
    ("later", "is_renewed"),
    [
        (timedelta(0), False),
        (SERVER_LIFE - RENEW_BEFORE - timedelta(minutes=1), False),
        (SERVER_LIFE - RENEW_BEFORE, True),
        # The machine's clock was wrong when it was made.
        (-timedelta(days=1), True),
    ],
)
def test_it_is_renewed_a_month_before_it_ends(
    keeper: Keeper, moment: FrozenClock, later: timedelta, is_renewed: bool
) -> None:
    keeper.keep()
    moment.move(later)

    assert keeper.keep() is is_renewed


def test_a_changed_address_is_taken_up_and_the_old_one_given_up(
    keeper: Keeper,
    visit: Visit,
    network: Network,
) -> None:
    keeper.keep()
    network.names = Names(("10.0.0.7",), network.names.hosts)

    assert keeper.keep()
    assert not keeper.keep()

    assert visit(keeper.server_file, keeper.folder / FILE, "10.0.0.7")
    with pytest.raises(ssl.SSLCertVerificationError):
        visit(keeper.server_file, keeper.folder / FILE, "192.168.1.20")


def test_what_is_no_certificate_of_this_authority_is_replaced(keeper: Keeper, tmp_path: Path) -> None:
    foreign = Authority.make("Tradepost", keeper.names)
    for content in (b"nothing", foreign.issue(keeper.names)):
        keeper.server_file.write_bytes(content)

        assert keeper.keep()

        assert "shop.local" in names_in(read_certificate(keeper.server_file))


def test_devices_stay_as_they_are_when_the_server_is_renewed(keeper: Keeper) -> None:
    before = (keeper.folder / FILE).read_bytes()
    keeper.keep()
    keeper.server_file.unlink()

    keeper.keep()

    assert (keeper.folder / FILE).read_bytes() == before

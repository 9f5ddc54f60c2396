"""Devices that trust the authority accept its certificates for the shop's own addresses, and for nothing else."""

import ssl
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from mainstay.bootstrap.lan import authority as authority_file
from mainstay.bootstrap.lan.authority import FILE, KEY_FILE, LIFE, Authority, fingerprint, names_in, read_certificate
from mainstay.bootstrap.lan.keeper import Keeper
from mainstay.bootstrap.lan.names import Names
from mainstay.errors import ConfigurationError
from mainstay.testing.frozen import FrozenClock

Visit = Callable[[Path, Path | None, str], dict[str, object]]


class Network(Protocol):
    names: Names

    def ask(self) -> Names: ...


def serve_for(keeper: Keeper, *names: str) -> Path:
    """Have the authority sign for any names, as a thief of its key would; return the server's file."""
    numbers = tuple(name for name in names if ":" in name or name[0].isdigit())
    path = keeper.folder / "stolen.pem"
    path.write_bytes(keeper.authority.issue(Names(numbers, tuple(name for name in names if name not in numbers))))
    return path


@pytest.mark.parametrize("host", ["192.168.1.20", "fd00::5", "shop.local", "shop", "localhost", "127.0.0.1", "::1"])
def test_a_device_that_trusts_the_authority_accepts_every_address_of_the_shop(
    keeper: Keeper, visit: Visit, host: str
) -> None:
    keeper.keep()

    accepted = visit(keeper.server_file, keeper.folder / FILE, host)

    assert accepted["subjectAltName"]


@pytest.mark.parametrize("host", ["192.168.1.21", "other.local", "shop.example", "10.0.0.1"])
def test_another_address_is_refused(keeper: Keeper, visit: Visit, host: str) -> None:
    keeper.keep()

    with pytest.raises(ssl.SSLCertVerificationError, match=r"mismatch|not valid for"):
        visit(keeper.server_file, keeper.folder / FILE, host)


def test_a_device_that_does_not_trust_the_authority_refuses(keeper: Keeper, visit: Visit) -> None:
    keeper.keep()

    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer"):
        visit(keeper.server_file, None, "shop.local")


@pytest.mark.parametrize("host", ["bank.example", "8.8.8.8", "2001:db8::1", "notlocal", "evil-local"])
def test_whoever_steals_the_key_cannot_stand_for_another_site(
    keeper: Keeper, visit: Visit, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setattr(Authority, "permitted", lambda _self, hosts: hosts)
    stolen = serve_for(keeper, host)
    assert host in names_in(read_certificate(stolen))

    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        visit(stolen, keeper.folder / FILE, host)


def test_without_the_constraints_a_stolen_key_would_stand_for_a_bank(
    tmp_path: Path, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: an authority that is good for everything shows that it is the constraints that refuse."""
    monkeypatch.setattr(authority_file, "DOMAINS", ("local", "localhost", "example"))
    mutant = Keeper(tmp_path, "Tradepost", Names)

    stolen = serve_for(mutant, "bank.example")

    assert visit(stolen, mutant.folder / FILE, "bank.example")["subjectAltName"]


def test_a_name_that_the_machine_got_later_is_left_out_where_the_authority_may_not_sign_for_it(keeper: Keeper) -> None:
    assert keeper.authority.permitted(("till.local", "till", "shop", "x.shop")) == ("till.local", "shop", "x.shop")


def test_what_is_signed_is_good_for_serving_alone(keeper: Keeper) -> None:
    keeper.keep()
    server, root = read_certificate(keeper.server_file), keeper.authority.certificate

    for certificate, signs in ((server, False), (root, True)):
        assert certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is signs
        assert certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign is signs
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    # What Apple's devices take at most from an authority that their owner added.
    assert server.not_valid_after_utc - server.not_valid_before_utc < timedelta(days=825)


# -- keeping it --------------------------------------------------------------------------------------------------------


def test_the_keys_are_readable_by_their_owner_alone(keeper: Keeper) -> None:
    keeper.keep()

    modes = {path.name: path.stat().st_mode & 0o777 for path in keeper.folder.iterdir()}
    assert modes == {"authority.key": 0o600, "server.pem": 0o600, "authority.crt": 0o644}
    assert keeper.folder.stat().st_mode & 0o777 == 0o700


def test_it_is_made_once(keeper: Keeper, tmp_path: Path, network: Network) -> None:
    again = Keeper(tmp_path, "Tradepost", network.ask)

    assert again.authority.certificate == keeper.authority.certificate


def test_it_is_made_anew_before_it_ends(
    keeper: Keeper,
    tmp_path: Path,
    network: Network,
    moment: FrozenClock,
) -> None:
    moment.move(LIFE)

    again = Keeper(tmp_path, "Tradepost", network.ask)

    assert again.authority.certificate != keeper.authority.certificate
    assert again.keep()
    read_certificate(again.server_file).verify_directly_issued_by(again.authority.certificate)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_that_others_may_read_or_change_is_not_used(
    keeper: Keeper,
    tmp_path: Path,
    network: Network,
    mode: int,
) -> None:
    (keeper.folder / KEY_FILE).chmod(mode)

    with pytest.raises(ConfigurationError, match="Others may read the key"):
        Keeper(tmp_path, "Tradepost", network.ask)


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [(KEY_FILE, b"nothing", "is damaged"), (FILE, b"nothing", "is damaged"), (FILE, None, "is damaged")],
)
def test_damaged_files_stop_the_start(
    keeper: Keeper,
    tmp_path: Path,
    network: Network,
    file: str,
    content: bytes | None,
    sentence: str,
) -> None:
    path = keeper.folder / file
    path.unlink() if content is None else path.write_bytes(content)

    with pytest.raises(ConfigurationError, match=sentence):
        Keeper(tmp_path, "Tradepost", network.ask)


def test_a_key_of_another_authority_stops_the_start(keeper: Keeper, tmp_path: Path) -> None:
    other = Keeper(tmp_path / "other", "Tradepost", Names)
    (other.folder / KEY_FILE).write_bytes((keeper.folder / KEY_FILE).read_bytes())

    with pytest.raises(ConfigurationError, match="do not belong together"):
        Keeper(tmp_path / "other", "Tradepost", Names)


def test_the_fingerprint_is_shown_as_devices_show_it(keeper: Keeper) -> None:
    lines = fingerprint(keeper.authority.certificate, 16)

    assert [len(line) for line in lines] == [47, 47]
    assert set("".join(lines)) <= set("0123456789ABCDEF:")

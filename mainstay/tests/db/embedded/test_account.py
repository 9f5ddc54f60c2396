"""Who the server runs as."""

import os
import pwd
from pathlib import Path

import pytest

from mainstay.db.embedded import EmbeddedDatabaseError
from mainstay.db.embedded.account import Account, server_account


def test_a_normal_user_is_the_servers_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1234)

    assert server_account(tmp_path / "none") == Account(1234, os.getegid(), is_switched=False)


def test_a_normal_user_is_told_whose_cluster_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1234)
    owner = pwd.getpwuid(tmp_path.stat().st_uid).pw_name

    with pytest.raises(EmbeddedDatabaseError, match=f"belongs to the account {owner}; run the program as that account"):
        server_account(tmp_path)


def test_root_is_replaced_by_an_unprivileged_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    account = server_account(tmp_path / "none")

    assert account.name in {"postgres", "nobody"}
    assert account.is_switched
    assert account.uid != 0


@pytest.mark.parametrize(("present", "chosen"), [(("nobody", "postgres"), 501), (("nobody",), 65534)])
def test_the_account_for_databases_goes_before_the_shared_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, present: tuple[str, ...], chosen: int
) -> None:
    uids = {"postgres": 501, "nobody": 65534}
    entries = [pwd.struct_passwd((name, "x", uids[name], uids[name], "", "/", "/bin/false")) for name in present]
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwall", lambda: entries)

    assert server_account(tmp_path / "none") == Account(chosen, chosen, is_switched=True)


def test_root_keeps_the_owner_of_an_existing_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() == 0:
        os.chown(tmp_path, 4321, 4322)
    owner = tmp_path.stat()
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert server_account(tmp_path) == Account(owner.st_uid, owner.st_gid, is_switched=True)


def test_a_cluster_that_root_copied_goes_to_an_unprivileged_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    assert server_account(Path("/")).uid != 0


def test_a_system_without_an_unprivileged_account_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwall", lambda: [pwd.getpwuid(0)])

    with pytest.raises(EmbeddedDatabaseError, match="no account postgres or nobody to run it as"):
        server_account(tmp_path / "none")


def test_an_account_without_a_name_is_called_by_its_number() -> None:
    assert Account(54321, 54321, is_switched=True).name == "54321"

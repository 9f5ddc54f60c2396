"""What the system lacks is installed with apt where that is allowed, and named in one sentence otherwise."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.process import install_from_system, unpack_from_system

Write = Callable[[str, str], Path]


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of programs that the test sees."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def plant(write: Write, name: str, script: str) -> None:
    """Put a program into that folder."""
    write(f"bin/{name}", f"#!/bin/sh\n{script}\n").chmod(0o755)


def test_apt_updates_its_lists_and_then_installs(programs: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    plant(write, "apt-get", f'echo "$DEBIAN_FRONTEND $@" >> {programs}/log')
    install_from_system("chromium", "The browser")
    assert (programs / "log").read_text(encoding="utf-8").splitlines() == [
        "noninteractive update -qq",
        "noninteractive install -y -qq --no-install-recommends chromium",
    ]


def test_a_user_with_sudo_installs_through_it(programs: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    plant(write, "apt-get", f'echo "$1" >> {programs}/log')
    plant(write, "sudo", f'echo "sudo $1" >> {programs}/log; shift; [ "$1" = true ] || exec "$@"')
    install_from_system("chromium", "The browser")
    assert (programs / "log").read_text(encoding="utf-8").split("\n") == [
        "sudo -n", "sudo -n", "update", "sudo -n", "install", "",
    ]  # fmt: skip


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("user", [0, 1000])
def test_where_nothing_may_be_installed_one_sentence_says_what_to_do(
    user: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    with pytest.raises(SystemExit) as stopped:
        install_from_system("chromium", "The browser")
    assert stopped.value.code == (
        "The browser is missing: install it (Debian: sudo apt-get install chromium) and repeat the command."
    )


def test_a_failing_apt_stops_with_one_sentence(programs: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    plant(write, "apt-get", f'echo "$1" >> {programs}/log; [ "$1" = update ]')
    with pytest.raises(SystemExit, match="apt-get could not install chromium"):
        install_from_system("chromium", "The browser")
    assert (programs / "log").read_text(encoding="utf-8") == "update\ninstall\n"


DOWNLOAD = 'echo "$@" >> {log}; [ "$1" = update ] || echo deb > prometheus_2_amd64.deb'
EXTRACT = '/bin/mkdir -p "$3/usr/bin"; echo "promtool of $(/bin/cat "$2")" > "$3/usr/bin/promtool"'


def test_one_file_of_a_package_is_taken_and_the_package_is_not_installed(
    programs: Path, write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    plant(write, "apt-get", DOWNLOAD.format(log=programs / "log"))
    plant(write, "dpkg-deb", EXTRACT)
    target = tmp_path / "tools" / "promtool"
    unpack_from_system("prometheus", {"usr/bin/promtool": target}, "The checker")
    assert target.read_text(encoding="utf-8") == "promtool of deb\n"
    assert (programs / "log").read_text(encoding="utf-8") == "update -qq\ndownload -qq prometheus\n"


@pytest.mark.parametrize(("apt", "said"), [("", "install it .Debian: sudo"), ("exit 1", "could not load prometheus")])
def test_a_package_that_cannot_be_loaded_stops_with_one_sentence(
    programs: Path, write: Write, tmp_path: Path, apt: str, said: str
) -> None:
    plant(write, "dpkg-deb", EXTRACT)
    if apt:
        plant(write, "apt-get", apt)
    with pytest.raises(SystemExit, match=said):
        unpack_from_system("prometheus", {"usr/bin/promtool": tmp_path / "promtool"}, "The checker")
    assert sorted(path.name for path in programs.iterdir()) == (["apt-get", "dpkg-deb"] if apt else ["dpkg-deb"])

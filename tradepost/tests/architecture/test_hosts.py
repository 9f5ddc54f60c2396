"""No committed file names a package registry or a path of one machine."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.hosts import check
from tools.process import ROOT
from tools.tree import findings

# Split, so that this file does not hold what it plants.
REGISTRY = "py" + "pi.org"
NPM = "registry.npm" + "js.org"
PLANTED_HOSTS = [
    f"https://{REGISTRY}/simple",
    f"source = {{ registry = {REGISTRY!r} }}",
    "source = { registry" + ' = "https://mirror.example.com/simple" }',
    "https://files.python" + "hosted.org/packages/a/b/c.bin",
    '"resolved"' + f': "https://{NPM}/react/-/react-19.0.0" + ".tgz"',
    "--extra-index" + "-url https://mirror.example.com/simple",
    "url = https://mirror.example.com/pool/package-1.0-py3-none-any" + ".whl",
]


def test_the_repository_names_no_registry_and_no_machine() -> None:
    assert findings(ROOT, check) == []


@pytest.mark.parametrize("line", PLANTED_HOSTS)
def test_a_registry_host_is_found(write: Callable[[str, str], Path], line: str) -> None:
    path = write("some.lock", f"first line\n{line}\n")
    found = list(check(path.parent, path))
    assert len(found) == 1
    assert found[0].startswith("2: a package registry's host name")


def test_the_mirror_of_this_machine_is_found(
    write: Callable[[str, str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("notes.md", "ask packages.intern.example for it\n")
    assert list(check(path.parent, path)) == []
    monkeypatch.setenv("PIP_INDEX_URL", "https://packages.intern.example/simple")
    assert list(check(path.parent, path)) == ["1: a package registry's host name: packages.intern.example"]


@pytest.mark.parametrize(
    "folder", [str(ROOT), str(Path.home() / "shop"), "/ho" + "me/anna/shop/", "/Us" + "ers/anna/shop/", "/" + "root/x"]
)
def test_a_machine_path_is_found(write: Callable[[str, str], Path], folder: str) -> None:
    path = write("notes.md", f"it lies in {folder}\n")
    found = list(check(path.parent, path))
    assert len(found) == 1
    assert found[0].startswith("1: a path of one machine")


def test_pictures_and_folders_of_every_machine_are_let_through(write: Callable[[str, str], Path]) -> None:
    assert list(check(Path("/"), write("picture.png", f"https://{REGISTRY}/simple"))) == []
    assert list(check(Path("/srv/shop"), write("service.conf", "/srv/tradepost /var/lib/tradepost /opt/x"))) == []

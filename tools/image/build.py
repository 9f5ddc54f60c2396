"""Build an image from a base, the locked packages and the program, scan it, and only then write it."""

import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mainstay import clock
from tools.image import oci, program
from tools.image.debian import Sources, sources
from tools.image.layers import Layer, write_base, write_folder
from tools.image.recipe import Origin, Recipe, User
from tools.image.scan import scan
from tools.image.tree import laid
from tools.process import install_from_system, stop

# Lays /usr out as Debian has it today, which would otherwise be done by a package that brings all of Perl.
MERGED = "/usr/share/mmdebstrap/hooks/maybe-merged-usr"
KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
SECOND = 1_000_000_000
# Seconds since 1970; zero is no time for some programs.
LONG_AGO = 1


class Refused(Exception):
    """The image is not to be run; the lines say why."""

    def __init__(self, findings: Sequence[str]) -> None:
        super().__init__("\n".join(findings))
        self.findings = findings


def build(recipe: Recipe, origin: Origin, base: Path | None, target: Path) -> str:
    """Write the image to `target` and return its digest; raises Refused, and writes nothing, when anything is found."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent) as name:
        folder = Path(name)
        if base is None:
            with sources(recipe.suite) as known:
                base = make_base(recipe, known, folder / "base.tar", origin.epoch)
        layers = write_layers(recipe, origin, base, folder)
        return release(target, f"tradepost:{origin.version}", layers, describe(recipe, origin))


def release(target: Path, name: str, layers: tuple[Path, ...], configuration: Mapping[str, Any]) -> str:
    """Write an archive of layers against which nothing is known; raises Refused, and writes nothing, for any other."""
    image = oci.Image(configuration["config"]["User"], json.dumps(configuration), layers)
    if findings := scan(image, clock.now().date()):
        raise Refused(findings)
    return oci.write(target, name, layers, configuration)


def make_base(recipe: Recipe, known: Sources, target: Path, epoch: int) -> Path:
    """Install Debian's packages from the machine's sources into a tar file: nothing of those sources stays in it."""
    command = [
        "mmdebstrap", "--quiet", "--variant=essential", "--format=tar", '--aptopt=Apt::Install-Recommends "false"',
        f"--hook-dir={MERGED}", f"--include={','.join(recipe.packages)}", recipe.suite, str(target), "-",
    ]  # fmt: skip
    if not _is_there("mmdebstrap"):
        install_from_system("mmdebstrap", "What makes the base of the image")
    signed = f"[signed-by={KEYS}] " if KEYS.is_file() else ""
    lines = [f"deb {signed}{each.address} {each.suite} {each.component}\n" for each in known.indexes]
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SOURCE_DATE_EPOCH": str(epoch), "LC_ALL": "C"}
    if subprocess.run(command, input="".join(lines), text=True, env=env, check=False).returncode != 0:
        stop("The base of the image could not be made: see mmdebstrap's message above.")
    return target


def _is_there(name: str) -> bool:
    return any((Path(folder) / name).exists() for folder in ("/usr/sbin", "/usr/bin"))


def write_layers(recipe: Recipe, origin: Origin, base: Path, folder: Path) -> tuple[Path, ...]:
    """Write the layers, the one that changes least first: Debian, the locked packages, the program."""
    others, ours = program.install(folder, origin.epoch)
    paths = tuple(folder / f"{name}.tar" for name in ("debian", "packages", "program"))
    with oci.opened(base) as image, laid(image.layers) as tree:
        with Layer(paths[0], origin.epoch) as layer:
            write_base(tree, recipe.leaves_out, layer)
        accounts = {path: tree.read(path) for path in ("etc/passwd", "etc/group")}
    # The time of the commit would make another layer of the same packages at each commit.
    with Layer(paths[1], LONG_AGO) as layer:
        for path in ("opt", program.PLACE, f"{program.PLACE}/lib", f"{program.PLACE}/lib/python3.11", program.PACKAGES):
            layer.folder(path)
        write_folder(others, program.PACKAGES, layer)
    with Layer(paths[2], origin.epoch) as layer:
        write_folder(ours, program.PACKAGES, layer)
        write_start(layer)
        write_user(recipe.user, accounts, layer)
    return paths


def write_start(layer: Layer) -> None:
    """Write what makes the packages an environment of Python, and the command."""
    layer.folder(f"{program.PLACE}/bin")
    layer.link(f"{program.PLACE}/bin/python", "/usr/bin/python3.11")
    layer.file(f"{program.PLACE}/bin/tradepost", program.START.encode(), 0o755)
    layer.file(f"{program.PLACE}/pyvenv.cfg", program.CONFIGURATION.encode())


def write_user(user: User, accounts: dict[str, bytes], layer: Layer) -> None:
    """Write the user that the program runs as, which nobody signs in as, and the folder of its data."""
    lines = {
        "etc/passwd": f"{user.name}:x:{user.id}:{user.id}::{user.home}:/usr/sbin/nologin\n",
        "etc/group": f"{user.name}:x:{user.id}:\n",
    }
    for path, content in accounts.items():
        layer.file(path, content + lines[path].encode())
    layer.folder(user.home.strip("/"), user.id, 0o700)


def describe(recipe: Recipe, origin: Origin) -> dict[str, Any]:
    """Return the configuration of the image: OCI's fields, and Docker's `Healthcheck`."""
    start = recipe.start
    labels = {"title": "Tradepost", "licenses": "MIT", "version": origin.version, "revision": origin.revision}
    return {
        "architecture": MACHINES.get(platform.machine(), platform.machine()),
        "os": "linux",
        "created": origin.created,
        "config": {
            "User": f"{recipe.user.id}:{recipe.user.id}",
            "WorkingDir": recipe.user.home,
            "Env": start.environment,
            "Entrypoint": start.entrypoint,
            "Cmd": start.command,
            "ExposedPorts": {f"{start.port}/tcp": {}},
            "Volumes": {recipe.user.home: {}},
            "StopSignal": "SIGTERM",
            "Labels": {
                **{f"org.opencontainers.image.{name}": value for name, value in labels.items()},
                "org.opencontainers.image.created": origin.created,
            },
            "Healthcheck": {
                "Test": ["CMD", *start.health],
                "Interval": 15 * SECOND,
                "Timeout": 5 * SECOND,
                "StartPeriod": 90 * SECOND,
                "Retries": 3,
            },
        },
    }

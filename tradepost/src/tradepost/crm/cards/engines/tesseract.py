"""The engine `tesseract`: the system's program, found when it is installed; Latin and Cyrillic."""

import csv
import io
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from tradepost.crm.cards.engines.port import EngineFailed, ReadCard, Reading, TextLine
from tradepost.crm.cards.geometry import FlatCard
from tradepost.crm.cards.opening import Pixels
from tradepost.crm.cards.quad import Quad

NAME: Final = "tesseract"
WANTED: Final = ("rus", "eng")
SECONDS: Final = 30.0
# Height of a line's crop on the page that is made for the program; its models are trained on about 40 pixels.
LINE_HEIGHT: Final = 44
GAP: Final = 28
MARGIN: Final = 24
# Levels of brightness (of 255) between ground and print below which there is none.
FAINTEST: Final = 10
Words = list[tuple[int, int, int, int, float, str]]


class TesseractRecogniser:
    """Runs the program once for a card, or once for all lines that another engine found, set one below the other."""

    name = NAME
    knows_cyrillic = True

    def __init__(self, program: str, languages: Sequence[str], release: str, seconds: float = SECONDS) -> None:
        self._program, self._languages, self._seconds = program, "+".join(languages), seconds
        self.version = f"{release}+{self._languages}+1"

    @classmethod
    def installed(cls, program: str = NAME) -> "TesseractRecogniser | None":
        """Return the engine when the program and its Russian data are on this machine."""
        path = shutil.which(program)
        if path is None:
            return None
        try:
            known = _run([path, "--list-langs"], SECONDS).split()
            release = _run([path, "--version"], SECONDS)
        except EngineFailed:
            return None
        languages = [one for one in WANTED if one in known]
        found = re.search(r"tesseract v?(\S+)", release)
        return cls(path, languages, found[1] if found else "unknown") if "rus" in languages else None

    def read(self, card: FlatCard) -> ReadCard:
        """Return the lines of the card, which is taken to lie upright."""
        page = _even(card.pixels)
        lines: dict[tuple[int, int], Words] = {}
        for key, word in self._words(page, 11):
            lines.setdefault(key, []).append(word)
        return ReadCard(card, tuple(_line(words) for words in lines.values()))

    def read_lines(self, crops: Sequence[Pixels]) -> list[Reading]:
        """Return a reading for each crop of one line."""
        if not crops:
            return []
        rows = [_row(crop) for crop in crops]
        page, tops = _page(rows)
        found: list[list[tuple[int, float, str]]] = [[] for _ in rows]
        for _, (left, top, _, height, confidence, text) in self._words(page, 6):
            middle = top + height / 2
            at = min(range(len(tops)), key=lambda index: abs(tops[index] + LINE_HEIGHT / 2 - middle))
            found[at].append((left, confidence, text))
        return [_joined(words) for words in found]

    def _words(self, page: Pixels, layout: int) -> list[tuple[tuple[int, int], tuple[int, int, int, int, float, str]]]:
        """Run the program on a picture; return its words with the line each is in."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "page.png"
            cv2.imwrite(str(path), page, [cv2.IMWRITE_PNG_COMPRESSION, 1])
            options = ["--psm", str(layout), "--dpi", "300", "-l", self._languages, "tsv"]
            out = _run([self._program, str(path), "stdout", *options], self._seconds)
        words = []
        for row in csv.DictReader(io.StringIO(out), delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["level"] == "5" and row["text"].strip():
                place = (int(row["left"]), int(row["top"]), int(row["width"]), int(row["height"]))
                key = (int(row["block_num"]) * 1000 + int(row["par_num"]), int(row["line_num"]))
                words.append((key, (*place, float(row["conf"]) / 100, row["text"].strip())))
        return words


def _run(command: list[str], seconds: float) -> str:
    env = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=seconds, env=env)  # noqa: S603 - the program found, a fixed list of arguments
    except (OSError, subprocess.SubprocessError) as error:
        raise EngineFailed(f"{command[0]} did not answer: {error}") from error
    return done.stdout.decode("utf-8", "replace")


def _line(words: Words) -> TextLine:
    left, top = min(word[0] for word in words), min(word[1] for word in words)
    right, bottom = max(word[0] + word[2] for word in words), max(word[1] + word[3] for word in words)
    reading = _joined([(word[0], word[4], word[5]) for word in words])
    return TextLine(Quad.box(left, top, right, bottom), reading.text, reading.confidence, NAME)


def _joined(words: list[tuple[int, float, str]]) -> Reading:
    if not words:
        return Reading("", 0.0)
    weights = [len(text) for _, _, text in words]
    confidence = sum(one[1] * weight for one, weight in zip(words, weights, strict=True)) / sum(weights)
    return Reading(" ".join(text for _, _, text in sorted(words, key=lambda word: word[0])), confidence)


def _even(pixels: Pixels) -> Pixels:
    """Return the picture in grey, dark print on light ground, contrast spread over the whole range."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY) if pixels.ndim == 3 else pixels
    if np.median(grey) < (float(np.percentile(grey, 2)) + float(np.percentile(grey, 98))) / 2:
        grey = 255 - grey
    low, high = np.percentile(grey, (1, 90))
    if high - low < FAINTEST:
        return np.full_like(grey, 255)
    spread = (grey.astype(np.float32) - low) * (255 / (high - low))
    return np.asarray(spread.clip(0, 255), dtype=np.uint8)


def _row(crop: Pixels) -> Pixels:
    height, width = crop.shape[:2]
    size = (max(round(width * LINE_HEIGHT / height), 8), LINE_HEIGHT)
    return np.asarray(cv2.resize(_even(crop), size, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def _page(rows: Sequence[Pixels]) -> tuple[Pixels, list[int]]:
    """Set rows one below the other on white; return the page and where each row begins."""
    width = max(row.shape[1] for row in rows) + 2 * MARGIN
    height = len(rows) * (LINE_HEIGHT + GAP) + 2 * MARGIN
    page = np.full((height, width), 255, np.uint8)
    tops = [MARGIN + index * (LINE_HEIGHT + GAP) for index in range(len(rows))]
    for top, row in zip(tops, rows, strict=True):
        page[top : top + LINE_HEIGHT, MARGIN : MARGIN + row.shape[1]] = row
    return page, tops

"""The engine `rapidocr`: the models in its wheel on onnxruntime; Latin script, no Cyrillic."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Final, Protocol, cast

import cv2
import numpy as np
from rapidocr import RapidOCR

from tradepost.crm.cards.engines.icons import without_icons
from tradepost.crm.cards.engines.port import ReadCard, Reading, TextLine
from tradepost.crm.cards.geometry import FlatCard, corners, from_top_left, through
from tradepost.crm.cards.opening import Pixels
from tradepost.crm.cards.quad import Quad

NAME: Final = "rapidocr"
# Counts up with every change here or in the rules of the fields: what is kept of earlier readings is read anew.
OURS: Final = 2
# The longer side on which lines are looked for; they are read from the full card.
DETECTION_SIDE: Final = 1056
VOTERS: Final = 6
# Lines that are read both ways up, how long a reading has to be, and what is certain and clearly better.
READERS: Final = 2
SHORT: Final = 4
CERTAIN: Final = 0.93
CLEARLY: Final = 0.08
THREADS: Final = 1


class _Boxes(Protocol):
    boxes: Sequence[Sequence[Sequence[float]]] | None


class _Texts(Protocol):
    txts: tuple[str, ...] | None
    scores: tuple[float, ...] | None


class _Turns(Protocol):
    cls_res: list[tuple[str, float]] | None


class RapidRecogniser:
    """Finds lines, turns the card upright by them, and reads each by itself; loads its models when it is made."""

    name = NAME
    knows_cyrillic = False

    def __init__(self) -> None:
        self.version = f"{version('rapidocr')}+{OURS}"
        engine = "EngineConfig.onnxruntime."
        self._engine = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.text_score": 0.0,
                f"{engine}intra_op_num_threads": THREADS,
                f"{engine}inter_op_num_threads": THREADS,
                "Det.limit_type": "max",
                "Det.limit_side_len": DETECTION_SIDE,
            }
        )

    def read(self, card: FlatCard) -> ReadCard:
        """Return the lines of the card, which comes back upright."""
        quads = self._find(card.pixels)
        if not quads:
            return ReadCard(card, ())
        if _run_down(quads):
            card, quads = _turn(card, quads, 1)
        if self._is_upside_down(card.pixels, quads):
            card, quads = _turn(card, quads, 2)
        quads = without_icons(quads, [cut(card.pixels, quad) for quad in quads])
        readings = self.read_lines([cut(card.pixels, quad) for quad in quads])
        found = zip(quads, readings, strict=True)
        lines = (TextLine(quad, one.text, one.confidence, self.name) for quad, one in found)
        return ReadCard(card, tuple(lines))

    def read_lines(self, crops: Sequence[Pixels]) -> list[Reading]:
        """Return a reading for each crop of one line."""
        return [self._read_line(crop) for crop in crops]

    def _read_line(self, crop: Pixels) -> Reading:
        answer = cast("_Texts", self._engine(crop, use_det=False, use_cls=False, use_rec=True))
        if not answer.txts or not answer.scores:
            return Reading("", 0.0)
        return Reading(answer.txts[0].strip(), float(answer.scores[0]))

    def _find(self, pixels: Pixels) -> list[Quad]:
        answer = cast("_Boxes", self._engine(pixels, use_det=True, use_cls=False, use_rec=False))
        return [Quad.of(box) for box in answer.boxes] if answer.boxes is not None else []

    def _is_upside_down(self, pixels: Pixels, quads: list[Quad]) -> bool:
        """Ask the classifier of lines, the widest ones first; it tells 0 from 180 degrees."""
        widest = sorted(quads, key=lambda quad: quad.width / max(quad.height, 1), reverse=True)[:VOTERS]
        votes = 0.0
        for quad in widest:
            answer = cast("_Turns", self._engine(cut(pixels, quad), use_det=False, use_cls=True, use_rec=False))
            for label, score in answer.cls_res or ():
                votes += score if label == "180" else -score
        return self._reads_better_turned(pixels, widest[:READERS], said=votes > 0)

    def _reads_better_turned(self, pixels: Pixels, quads: list[Quad], *, said: bool) -> bool:
        """Let the reading overrule the classifier where one way up is read for certain and the other is not."""
        crops = [cut(pixels, quad) for quad in quads]
        upright = max((one.confidence for one in self.read_lines(crops) if len(one.text) > SHORT), default=0.0)
        if not said and upright > CERTAIN:
            return False
        turned = [np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops]
        other = max((one.confidence for one in self.read_lines(turned) if len(one.text) > SHORT), default=0.0)
        if max(upright, other) < CERTAIN or abs(upright - other) < CLEARLY:
            return said
        return other > upright


def _run_down(quads: list[Quad]) -> bool:
    """Whether the lines run from top to bottom: the card lies on its side."""
    down = sum(q.area for q in quads if (q.bottom - q.top) > 1.5 * (q.right - q.left))
    across = sum(q.area for q in quads if (q.right - q.left) > 1.5 * (q.bottom - q.top))
    return down > across


def _turn(card: FlatCard, quads: list[Quad], quarters: int) -> tuple[FlatCard, list[Quad]]:
    turned = card.turned(quarters)
    there = np.linalg.inv(turned.to_photo) @ card.to_photo
    return turned, [from_top_left(through(quad, there)) for quad in quads]


def cut(pixels: Pixels, quad: Quad) -> Pixels:
    """Cut a line out of the card and make it straight."""
    width, height = max(round(quad.width), 4), max(round(quad.height), 4)
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    way = cv2.getPerspectiveTransform(corners(quad).astype(np.float32), flat)
    line = cv2.warpPerspective(pixels, way, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(line, dtype=np.uint8)

"""Finds the cards in a picture: four-cornered shapes of a card's proportions that differ from what lies around them."""

import math
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from tradepost.crm.cards.geometry import corners
from tradepost.crm.cards.opening import Pixels
from tradepost.crm.cards.outlines import candidates
from tradepost.crm.cards.quad import Quad
from tradepost.crm.cards.sides import Rim, refine

WORKING_SIDE: Final = 640
GOOD: Final = 0.55
# A second card in the picture has to be clearer than the only one.
GOOD_AS_WELL: Final = 0.75
# Below this it is looked for once more without the print around it.
DOUBTFUL: Final = 0.82
# How wide strokes of print and the gaps between its lines are at most, in pixels of the small picture.
PRINT: Final = 11
# Without print, this share of the usual difference in colour is an edge.
BARE: Final = 0.35
# A block of print or a picture on a scan is small; a card that takes so little of a photo has to be clearer.
SMALL_SHARE: Final = 0.15
# How much larger than its part, and at least how clear beside it, a card with a band may be.
BAND: Final = (1.14, 2.0)
BAND_SCORE: Final = 0.8
MOST_CARDS: Final = 12


@dataclass(frozen=True, slots=True)
class Found:
    """A card's place in the picture and how sure it is, 0 to 1."""

    quad: Quad
    score: float


def find_cards(pixels: Pixels) -> list[Found]:
    """Return the cards from the top left on; without any, the whole picture, as a scan fills the frame."""
    height, width = pixels.shape[:2]
    factor = min(1.0, WORKING_SIDE / max(height, width))
    raw = np.asarray(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    small = _even(raw)
    total = small.shape[0] * small.shape[1]
    chosen = _apart(_clear(small, total))
    if not chosen or chosen[0].score < DOUBTFUL:
        # Print under a card hides its edges: look once more with all print taken out.
        bare = _apart(_clear(_even(_without_print(raw)), total, BARE))
        chosen = max(chosen, bare, key=lambda found: found[0].score if found else 0.0)
    if not chosen:
        return [Found(Quad.box(0, 0, width, height), 0.0)]
    ordered = sorted(chosen, key=lambda one: (round(one.quad.top / small.shape[0] * 4), one.quad.left))
    return [Found(one.quad.scaled(1 / factor), one.score) for one in ordered]


def _clear(small: Pixels, total: int, contrast: float = 1.0) -> list[Found]:
    """Return all shapes that stand out, the best ones also with their sides moved to the very edge."""
    rim = Rim(small, contrast)
    scored = sorted((Found(quad, rim.score(quad)) for quad in candidates(small, contrast)), key=_rank, reverse=True)
    best = [refine(one.quad, rim) for one in scored[:10]]
    again = [Found(quad, rim.score(quad)) for quad in best] + scored[:60]
    return [one for one in again if one.score >= _needed(one, total)]


def _without_print(small: Pixels) -> Pixels:
    """Return the picture with dark strokes on light paper filled."""
    stroke = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (PRINT, PRINT))
    return np.asarray(cv2.morphologyEx(small, cv2.MORPH_CLOSE, stroke), dtype=np.uint8)


def _even(small: Pixels) -> Pixels:
    """Spread the brightness over the whole range and smooth the grain, so that dark cards show on dark ground."""
    lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB)
    light = lab[:, :, 0].astype(np.float32)
    low, high = np.percentile(light, (1, 97))
    factor = min(6.0, 235 / max(high - low, 8))
    lab = lab.astype(np.float32)
    lab[:, :, 0] = (light - low) * factor
    lab[:, :, 1:] = (lab[:, :, 1:] - 128) * min(factor, 2.0) + 128
    bright = cv2.cvtColor(lab.clip(0, 255).astype(np.uint8), cv2.COLOR_LAB2BGR)
    return np.asarray(cv2.medianBlur(cv2.GaussianBlur(bright, (5, 5), 0), 5), dtype=np.uint8)


def _needed(one: Found, total: int) -> float:
    return GOOD if one.quad.area > SMALL_SHARE * total else GOOD_AS_WELL


def _rank(one: Found) -> float:
    """Prefer the larger of two that are about as clear: a band or a column of a card is a shape of its own."""
    return one.score * math.sqrt(math.sqrt(one.quad.area))


def _apart(found: list[Found]) -> list[Found]:
    """Keep of shapes that overlap the best."""
    kept: list[Found] = []
    for best in sorted(found, key=_rank, reverse=True):
        if kept and best.score < GOOD_AS_WELL:
            continue
        one = _whole(best, found)
        if len(kept) < MOST_CARDS and all(_overlap(one.quad, other.quad) < 0.1 for other in kept):
            kept.append(one)
    if kept:
        largest = max(one.quad.area for one in kept)
        kept = [one for one in kept if one.quad.area > 0.25 * largest]
    return kept


def _whole(part: Found, found: list[Found]) -> Found:
    """Return the clear shape around this one, when it is a good deal larger: a card with a band of another colour."""
    for one in sorted(found, key=_rank, reverse=True):
        is_larger = BAND[0] < one.quad.area / part.quad.area < BAND[1]
        if is_larger and one.score > BAND_SCORE * part.score and _overlap(one.quad, part.quad) > 0.96:
            return one
    return part


def _overlap(one: Quad, other: Quad) -> float:
    """Return the common area as a share of the smaller shape."""
    common, _ = cv2.intersectConvexConvex(corners(one).astype(np.float32), corners(other).astype(np.float32))
    return float(common) / max(min(one.area, other.area), 1.0)

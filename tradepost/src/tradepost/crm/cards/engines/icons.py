"""Finds the little pictures before lines of contact data, so that they are not read as letters."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from tradepost.crm.cards.opening import Pixels
from tradepost.crm.cards.quad import Quad

# In heights of the line's box: how wide an icon is, and how far the print begins after it; a space is narrower.
WIDTHS: Final = (0.25, 1.0)
GAPS: Final = (0.34, 1.1)
# Print that is ink: how much darker (or lighter) than the ground, of 255.
INK: Final = 60
ALIGNED: Final = 0.6
LEAST: Final = 2


def without_icons(quads: Sequence[Quad], crops: Sequence[Pixels]) -> list[Quad]:
    """Return the lines beginning after their icons, where at least two lines of one column have some."""
    ends = [icon_end(crop) for crop in crops]
    marked = [quad for quad, end in zip(quads, ends, strict=True) if end]
    if not any(_in_column(quad, marked) >= LEAST for quad in marked):
        return list(quads)
    return [quad.piece(end, 1.0) if end else quad for quad, end in zip(quads, ends, strict=True)]


def _in_column(quad: Quad, marked: Sequence[Quad]) -> int:
    return sum(abs(quad.left - other.left) < ALIGNED * quad.height for other in marked)


def icon_end(crop: Pixels) -> float:
    """Return where the print begins after an icon, as a share of the width, or 0 without one."""
    height, width = crop.shape[:2]
    if width < 3 * height:
        return 0.0
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY).astype(np.int16)
    ink = np.abs(grey - np.median(grey)) > min(INK, max(float(np.ptp(grey)) / 3, 12))
    runs = _runs((ink.sum(axis=0) > 0.04 * height)[: 3 * height])
    if len(runs) < 2:
        return 0.0
    (start, end), (following, _) = runs[0], runs[1]
    is_icon = WIDTHS[0] * height < end - start < WIDTHS[1] * height and start < 0.5 * height
    has_gap = GAPS[0] * height < following - end < GAPS[1] * height
    return max(following - 0.12 * height, 0.0) / width if is_icon and has_gap else 0.0


def _runs(columns: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[tuple[int, int]]:
    """Return where stretches of print begin and end; a column or two without ink do not part them."""
    runs: list[tuple[int, int]] = []
    for at in np.flatnonzero(columns):
        if runs and at - runs[-1][1] <= 2:
            runs[-1] = (runs[-1][0], int(at))
        else:
            runs.append((int(at), int(at)))
    return runs

"""Looks along the four sides of a shape: whether inside and outside differ there, and where exactly the edge runs."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from tradepost.crm.cards.geometry import corners
from tradepost.crm.cards.opening import Pixels
from tradepost.crm.cards.quad import Quad

SAMPLES: Final = 48
NEAR: Final = 5.0
REACH: Final = 9
# A difference in colour (CIE Lab, 8 bits) that is taken for full.
CLEAR: Final = 14.0
Floats = npt.NDArray[np.float64]


class Rim:
    """The colours of a picture as one walks along the sides of a shape."""

    def __init__(self, small: Pixels, contrast: float = 1.0) -> None:
        self._clear = CLEAR * contrast
        lab = cv2.cvtColor(small, cv2.COLOR_BGR2LAB)
        self._lab = np.asarray(cv2.GaussianBlur(lab, (5, 5), 0), dtype=np.float32)
        self.height, self.width = self._lab.shape[:2]

    def at(self, points: Floats) -> npt.NDArray[np.float32]:
        """Return the colours at points (…, 2); outside the picture those of its edge."""
        x = points[..., 0].round().astype(np.int64).clip(0, self.width - 1)
        y = points[..., 1].round().astype(np.int64).clip(0, self.height - 1)
        return np.asarray(self._lab[y, x], dtype=np.float32)

    def score(self, quad: Quad) -> float:
        """Return how well the shape stands out on all four sides, 0 to 1; the weakest side counts most."""
        ends = corners(quad)
        following = np.roll(ends, -1, axis=0)
        steps = np.linspace(0.04, 0.96, SAMPLES)[None, :, None]
        points = ends[:, None] + (following - ends)[:, None] * steps
        inward = _inward(ends, following)[:, None] * NEAR
        difference = self.at(points + inward) - self.at(points - inward)
        size = np.linalg.norm(difference, axis=2)
        clear = np.minimum(size / self._clear, 1.0)
        # The same difference all along is an edge; one that changes its direction is grain or print.
        middle = np.median(difference, axis=1)
        towards = middle / np.maximum(np.linalg.norm(middle, axis=1, keepdims=True), 1e-6)
        agree = (np.einsum("ijk,ik->ij", difference, towards) > 0.5 * size).astype(np.float64)
        sides = (clear * agree).mean(axis=1)
        sharp = self._sharpness(points, inward)
        shares = sides * (0.4 + 0.6 * sharp)
        return float((shares.min() + shares.mean()) / 2)

    def _sharpness(self, points: Floats, inward: Floats) -> npt.NDArray[np.float64]:
        """Return the share of each side where the change is at the side, and not already further in or out."""
        steps = np.linspace(-2.5, 2.5, 11)
        band = self.at(points[:, :, None] + inward[:, :, None] * steps[None, None, :, None])
        change = np.linalg.norm(np.diff(band, axis=2), axis=3)
        middle = change[:, :, 3:7].max(axis=2)
        return np.asarray((middle >= 0.8 * change.max(axis=2)).mean(axis=1), dtype=np.float64)


def _inward(starts: Floats, ends: Floats) -> Floats:
    along = ends - starts
    along = along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
    # Corners run clockwise with y downwards: the inside is to the right of the walk.
    return np.stack([-along[:, 1], along[:, 0]], axis=1)


def refine(quad: Quad, rim: Rim) -> Quad:
    """Return the shape with each side moved to the strongest change of colour near it."""
    ends = corners(quad)
    following = np.roll(ends, -1, axis=0)
    steps = np.linspace(0.06, 0.94, SAMPLES)[None, :, None]
    points = ends[:, None] + (following - ends)[:, None] * steps
    inward = _inward(ends, following)
    reach = np.arange(-REACH, REACH + 1, dtype=np.float64)
    band = rim.at(points[:, :, None] + inward[:, None, None] * reach[None, None, :, None])
    change = np.linalg.norm(band[:, :, 2:] - band[:, :, :-2], axis=3)
    shift = reach[1:-1][change.argmax(axis=2)]
    lines = [_fit(points[side], inward[side], shift[side]) for side in range(4)]
    crossed = [_meet(lines[side - 1], lines[side]) for side in range(4)]
    if any(point is None for point in crossed):
        return quad
    return Quad.of(np.array(crossed, dtype=np.float64))


def _fit(points: Floats, inward: Floats, shift: Floats) -> tuple[Floats, Floats]:
    """Return a line (point, direction) through most of the shifted points: a median fit, then least squares."""
    t = np.linspace(-1, 1, len(shift))
    half = len(shift) // 2
    slope = float(np.median((shift[half:] - shift[:half]) / (t[half:] - t[:half])))
    offset = float(np.median(shift - slope * t))
    near = np.abs(shift - slope * t - offset) < 2.5
    if near.sum() > len(shift) // 3:
        slope, offset = (float(value) for value in np.polyfit(t[near], shift[near], 1))
    start, end = points[0] + inward * (offset - slope), points[-1] + inward * (offset + slope)
    return start, end - start


def _meet(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> Floats | None:
    (p, r), (q, s) = one, other
    cross = float(r[0] * s[1] - r[1] * s[0])
    if abs(cross) < 1e-6:
        return None
    along = float((q[0] - p[0]) * s[1] - (q[1] - p[1]) * s[0]) / cross
    return p + along * r

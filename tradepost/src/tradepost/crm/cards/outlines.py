"""Proposes where a card may lie: outlines of connected shapes, and long straight lines that cross."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from tradepost.crm.cards.geometry import corners, from_top_left
from tradepost.crm.cards.opening import Pixels
from tradepost.crm.cards.quad import Quad

SMALLEST_SHARE: Final = 0.04
LARGEST_SHARE: Final = 0.97
# Cards are 1.4 (Japan) to 1.8 (USA) times as wide as high; perspective and slim formats need room on both sides.
PROPORTIONS: Final = (1.2, 2.4)
LINES: Final = 7
Mask = npt.NDArray[np.uint8]
Line = tuple[float, float, float]


def candidates(small: Pixels, contrast: float = 1.0) -> Iterator[Quad]:
    """Yield shapes that have a card's proportions; many are ghosts."""
    total = small.shape[0] * small.shape[1]
    edges = _edges(small, contrast)
    for mask in _masks(small, edges):
        contours, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
        for contour in map(np.asarray, contours):
            if cv2.contourArea(cv2.convexHull(contour)) < SMALLEST_SHARE * total:
                continue
            yield from (quad for quad in _corners(contour) if _fits(quad, total))
    yield from (quad for quad in _crossings(edges) if _fits(quad, total))


def _fits(quad: Quad, total: int) -> bool:
    return SMALLEST_SHARE <= quad.area / total <= LARGEST_SHARE and _has_proportions(quad)


def _edges(small: Pixels, contrast: float) -> Mask:
    found = np.zeros(small.shape[:2], np.uint8)
    for channel in cv2.split(cv2.cvtColor(small, cv2.COLOR_BGR2LAB)):
        found |= np.asarray(cv2.Canny(channel, 20 * contrast, 60 * contrast), dtype=np.uint8)
    return found


def _masks(small: Pixels, edges: Mask) -> Iterator[Mask]:
    """Yield pictures in which a card may be one connected shape."""
    lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2LAB), dtype=np.uint8)
    square = np.ones((9, 9), np.uint8)
    for size in (3, 7):
        yield np.asarray(cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)), dtype=np.uint8)
    for channel in (*cv2.split(lab), _distance_to_border(lab)):
        _, mask = cv2.threshold(channel, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        for one in (mask, 255 - mask):
            yield np.asarray(cv2.morphologyEx(one, cv2.MORPH_CLOSE, square), dtype=np.uint8)
            yield np.asarray(cv2.morphologyEx(one, cv2.MORPH_OPEN, square), dtype=np.uint8)


def _distance_to_border(lab: Pixels) -> Mask:
    """Return how much each point differs in colour from the rim of the picture, which is mostly ground."""
    wide = lab.astype(np.float32)
    rim = max(4, min(wide.shape[:2]) // 40)
    border = np.concatenate([wide[:rim].reshape(-1, 3), wide[-rim:].reshape(-1, 3), wide[:, :rim].reshape(-1, 3)])
    distance = np.linalg.norm(wide - np.median(border, axis=0), axis=2)
    return np.asarray(distance.clip(0, 255), dtype=np.uint8)


def _corners(contour: npt.NDArray[np.integer | np.floating]) -> Iterator[Quad]:
    """Yield four-cornered shapes for an outline: the simplified outline, and the tightest rectangle."""
    hull = cv2.convexHull(contour)
    outline = cv2.arcLength(hull, closed=True)
    for tolerance in (0.01, 0.02, 0.035, 0.05):
        simple = cv2.approxPolyDP(hull, tolerance * outline, closed=True)
        if len(simple) == 4:
            yield in_order(simple.reshape(4, 2).astype(np.float64))
            break
    rectangle = cv2.minAreaRect(hull)
    if cv2.contourArea(hull) > 0.8 * rectangle[1][0] * rectangle[1][1]:
        yield in_order(cv2.boxPoints(rectangle).astype(np.float64))


def _crossings(edges: Mask) -> Iterator[Quad]:
    """Yield the shapes between two lines of one direction and two of the other."""
    shorter = min(edges.shape)
    segments = cv2.HoughLinesP(edges, 1, np.pi / 360, 50, minLineLength=shorter // 6, maxLineGap=shorter // 40)
    if segments is None:
        return
    flat, steep = _lines(np.asarray(segments, dtype=np.float64).reshape(-1, 4))
    for a, b in combinations(flat, 2):
        for c, d in combinations(steep, 2):
            points = [_cross(a, c), _cross(a, d), _cross(b, c), _cross(b, d)]
            if all(point is not None for point in points):
                array = np.array(points, dtype=np.float64)
                room = 0.05 * max(edges.shape)
                if array.min() > -room and (array.max(axis=0) < np.array(edges.shape[::-1]) + room).all():
                    yield in_order(array)


def _lines(segments: npt.NDArray[np.float64]) -> tuple[list[Line], list[Line]]:
    """Return the strongest lines (a x + b y = c) that run rather across, and those that run rather down."""
    strengths: dict[bool, list[tuple[float, float, float]]] = {True: [], False: []}
    for x1, y1, x2, y2 in segments:
        across = abs(x2 - x1) >= abs(y2 - y1)
        angle = float(np.arctan2(y2 - y1, x2 - x1) % np.pi)
        normal = (-np.sin(angle), np.cos(angle))
        offset = float(normal[0] * (x1 + x2) / 2 + normal[1] * (y1 + y2) / 2)
        strengths[across].append((float(np.hypot(x2 - x1, y2 - y1)), angle, offset))
    return _strongest(strengths[True]), _strongest(strengths[False])


def _strongest(segments: list[tuple[float, float, float]]) -> list[Line]:
    groups: list[list[float]] = []
    for length, angle, offset in sorted(segments, reverse=True):
        for group in groups:
            turned = (angle - group[1] + np.pi / 2) % np.pi - np.pi / 2
            sign = 1.0 if abs(angle - group[1]) < np.pi / 2 else -1.0
            if abs(turned) < 0.04 and abs(sign * offset - group[2]) < 8:
                group[0] += length
                break
        else:
            groups.append([length, angle, offset])
    groups.sort(reverse=True)
    return [(-float(np.sin(angle)), float(np.cos(angle)), offset) for _, angle, offset in groups[:LINES]]


def _cross(one: Line, other: Line) -> tuple[float, float] | None:
    determinant = one[0] * other[1] - other[0] * one[1]
    if abs(determinant) < 0.3:
        return None
    x = (one[2] * other[1] - other[2] * one[1]) / determinant
    return x, (one[0] * other[2] - other[0] * one[2]) / determinant


def in_order(points: npt.NDArray[np.float64]) -> Quad:
    """Return the corners clockwise from the one nearest the top left."""
    centre = points.mean(axis=0)
    angles = np.arctan2(points[:, 1] - centre[1], points[:, 0] - centre[0])
    return from_top_left(Quad.of(points[np.argsort(angles)]))


def _has_proportions(quad: Quad) -> bool:
    sides = np.linalg.norm(corners(quad) - np.roll(corners(quad), -1, axis=0), axis=1)
    a, b, c, d = (float(side) for side in sides)
    wide, high = (a + c) / 2, (b + d) / 2
    if min(a, b, c, d) < 20 or max(a, c) > 1.5 * min(a, c) or max(b, d) > 1.5 * min(b, d):
        return False
    return PROPORTIONS[0] <= max(wide, high) / min(wide, high) <= PROPORTIONS[1]

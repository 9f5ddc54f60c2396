"""The way between a card in a photo and the same card made flat."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from tradepost.crm.cards.opening import Pixels
from tradepost.crm.cards.quad import Quad

Matrix = npt.NDArray[np.float64]
LARGEST_SIDE: Final = 1500
SMALLEST_SIDE: Final = 900
# Levels of brightness (of 255) between ground and print below which nothing more is gained, and the most gain.
FAINTEST: Final = 20
MOST_GAIN: Final = 4.0
# How much of the brightness around a place is taken for light and shadow, and how wide around (tens of pixels).
SHADOW: Final = 0.8
NEIGHBOURHOOD: Final = 15


def corners(quad: Quad) -> Matrix:
    """Return the corners as four rows of x and y."""
    return np.array(quad.corners, dtype=np.float64)


def through(quad: Quad, matrix: Matrix) -> Quad:
    """Return the shape as the projective `matrix` sees it."""
    return Quad.of(cv2.perspectiveTransform(corners(quad)[None], matrix)[0])


def from_top_left(quad: Quad) -> Quad:
    """Return the same corners in the same direction, beginning with the one nearest the top left."""
    points = corners(quad)
    return Quad.of(np.roll(points, -int(points.sum(axis=1).argmin()), axis=0))


@dataclass(frozen=True, slots=True)
class FlatCard:
    """A card cut out and made flat; `to_photo` takes its pixels to those of the picture it was cut from."""

    pixels: Pixels
    to_photo: Matrix

    def turned(self, quarters: int) -> "FlatCard":
        """Return the card after `quarters` turns of 90 degrees clockwise."""
        quarters %= 4
        if not quarters:
            return self
        height, width = self.pixels.shape[:2]
        back = {
            1: [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
            2: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
            3: [[0, -1, width], [1, 0, 0], [0, 0, 1]],
        }[quarters]
        pixels = np.ascontiguousarray(np.rot90(self.pixels, -quarters))
        return FlatCard(pixels, self.to_photo @ np.array(back, dtype=np.float64))


def flatten(pixels: Pixels, quad: Quad) -> FlatCard:
    """Cut the four-cornered card out of a picture and make it a rectangle, at about the size it has there."""
    longer = max(quad.width, quad.height)
    factor = min(max(longer, SMALLEST_SIDE), LARGEST_SIDE) / longer
    size = (max(round(quad.width * factor), 1), max(round(quad.height * factor), 1))
    flat = np.array([(0, 0), (size[0], 0), size, (0, size[1])], dtype=np.float32)
    to_photo = cv2.getPerspectiveTransform(flat, corners(quad).astype(np.float32))
    way = (cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC) | cv2.WARP_INVERSE_MAP
    cut = cv2.warpPerspective(pixels, to_photo, size, flags=way, borderMode=cv2.BORDER_REPLICATE)
    return FlatCard(spread(np.asarray(cut, dtype=np.uint8)), np.asarray(to_photo, dtype=np.float64))


def spread(pixels: Pixels) -> Pixels:
    """Take shadows out and spread the brightness over the whole range: engines know print that stands out."""
    lab = cv2.cvtColor(pixels, cv2.COLOR_BGR2LAB)
    light = lab[:, :, 0].astype(np.float32)
    tenth = cv2.resize(light, None, fx=0.1, fy=0.1, interpolation=cv2.INTER_AREA)
    ground = cv2.resize(cv2.blur(tenth, (NEIGHBOURHOOD, NEIGHBOURHOOD)), (light.shape[1], light.shape[0]))
    light -= SHADOW * ground
    low, high = np.percentile(light, (1, 99))
    factor = min(255 / max(high - low, FAINTEST), MOST_GAIN)
    lab[:, :, 0] = ((light - low) * factor).clip(0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2BGR), dtype=np.uint8)

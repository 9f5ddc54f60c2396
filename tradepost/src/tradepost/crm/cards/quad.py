"""A four-cornered place on a card or in a photo; plain Python, so that results cross processes without OpenCV."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Quad:
    """Four corners in the order of reading: top left, top right, bottom right, bottom left."""

    corners: tuple[Point, Point, Point, Point]

    @classmethod
    def of(cls, points: Iterable[Iterable[float]]) -> "Quad":
        """Return the shape with these four corners, in the order given."""
        a, b, c, d = ((float(x), float(y)) for x, y in points)
        return cls((a, b, c, d))

    @classmethod
    def box(cls, left: float, top: float, right: float, bottom: float) -> "Quad":
        """Return an upright rectangle."""
        return cls(((left, top), (right, top), (right, bottom), (left, bottom)))

    @property
    def left(self) -> float:
        """The smallest x."""
        return min(x for x, _ in self.corners)

    @property
    def right(self) -> float:
        """The largest x."""
        return max(x for x, _ in self.corners)

    @property
    def top(self) -> float:
        """The smallest y."""
        return min(y for _, y in self.corners)

    @property
    def bottom(self) -> float:
        """The largest y."""
        return max(y for _, y in self.corners)

    @property
    def width(self) -> float:
        """How wide a line of print in it is: the mean of top and bottom."""
        a, b, c, d = self.corners
        return (math.dist(a, b) + math.dist(d, c)) / 2

    @property
    def height(self) -> float:
        """How high a line of print in it is: the mean of the two sides."""
        a, b, c, d = self.corners
        return (math.dist(a, d) + math.dist(b, c)) / 2

    @property
    def area(self) -> float:
        """Square pixels inside."""
        following = (*self.corners[1:], self.corners[0])
        return abs(sum(x * v - u * y for (x, y), (u, v) in zip(self.corners, following, strict=True))) / 2

    def scaled(self, factor: float) -> "Quad":
        """Return the shape with every coordinate times `factor`."""
        return Quad.of((x * factor, y * factor) for x, y in self.corners)

    def piece(self, start: float, end: float) -> "Quad":
        """Return the part from `start` to `end`, shares (0 to 1) of the way along the line."""
        a, b, c, d = self.corners
        return Quad((_between(a, b, start), _between(a, b, end), _between(d, c, end), _between(d, c, start)))


def _between(one: Point, other: Point, share: float) -> Point:
    return one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share

"""Draws invented business cards and photographs them: perspective, ground, turns; all with what the wheels bring."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

Picture = npt.NDArray[np.uint8]
SIZE = (1000, 580)
LINES = (
    ("Kestrel Tools Ltd", 52, 40),
    ("Odalys Fennimore", 58, 150),
    ("Sales Manager", 32, 225),
    ("Phone: +44 20 7946 0958", 28, 350),
    ("Mobile: +44 7700 900 123", 28, 390),
    ("odalys@kestrel-tools.co.uk", 28, 430),
    ("www.kestrel-tools.co.uk", 28, 470),
    ("14 Foundry Lane, Leeds LS1 4AP", 28, 510),
)
Line = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card lies in a photo: its corners from the top left of the card on, clockwise."""

    corners: tuple[tuple[float, float], ...]


def draw_card(
    lines: Sequence[Line] = LINES,
    *,
    ground: str = "white",
    ink: str = "#202028",
    code: str = "",
    size: tuple[int, int] = SIZE,
) -> Image.Image:
    """Return a flat card: each line is its text, its size and how far down it begins."""
    card = Image.new("RGB", size, ground)
    pen = ImageDraw.Draw(card)
    for text, height, top in lines:
        pen.text((60, top), text, fill=ink, font=ImageFont.load_default(height))
    if code:
        made = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.QRCode)
        square = Image.fromarray(np.asarray(zxingcpp.write_barcode_to_image(made, scale=5)))
        card.paste(square.convert("RGB"), (size[0] - square.width - 20, 20))
    return card


def photograph(
    cards: Sequence[tuple[Image.Image, Place]],
    *,
    ground: tuple[int, int, int] = (70, 60, 55),
    size: tuple[int, int] = (1400, 1050),
) -> Image.Image:
    """Return a photo of cards on a table of one colour with a little grain."""
    grain = np.random.default_rng(5).normal(0, 4, (size[1], size[0], 1))
    table = (np.array(ground, dtype=np.float64) + grain).clip(0, 255).astype(np.uint8)
    for card, place in cards:
        width, height = card.size
        flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
        way = cv2.getPerspectiveTransform(flat, np.array(place.corners, dtype=np.float32))
        seen = cv2.warpPerspective(np.asarray(card), way, size, flags=cv2.INTER_AREA)
        mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), way, size)
        table = np.where(mask[:, :, None] > 127, seen, table).astype(np.uint8)
    return Image.fromarray(table)


def as_bytes(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """Return the file of a picture."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def bgr(picture: Image.Image) -> Picture:
    """Return the pixels as the engine has them: blue, green, red."""
    return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])


TILTED = Place(((220, 260), (1170, 200), (1220, 760), (250, 800)))

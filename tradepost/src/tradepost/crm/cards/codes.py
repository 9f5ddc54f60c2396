"""Reads the QR codes on a card: the text that each carries."""

from typing import Final

import zxingcpp

from tradepost.crm.cards.opening import Pixels

LONGEST: Final = 8_000


def read_codes(pixels: Pixels) -> list[str]:
    """Return the text of each QR code in a picture, the largest first; too long a text is none of a card's."""
    found = zxingcpp.read_barcodes(pixels, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return [one.text for one in found if one.valid and one.text and len(one.text) <= LONGEST]

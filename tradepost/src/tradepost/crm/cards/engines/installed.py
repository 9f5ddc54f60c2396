"""The engines that this machine has, in the order in which they are tried."""

import cv2

from tradepost.crm.cards.engines.chain import Chain
from tradepost.crm.cards.engines.rapid import RapidRecogniser
from tradepost.crm.cards.engines.tesseract import TesseractRecogniser


def installed_chain() -> Chain:
    """Return `rapidocr`, and behind it `tesseract` where it is installed, which then reads Cyrillic lines too."""
    cv2.setNumThreads(1)
    rapid, tesseract = RapidRecogniser(), TesseractRecogniser.installed()
    return Chain((rapid,), None) if tesseract is None else Chain((rapid, tesseract), tesseract)

"""The engines that this machine has, in the order in which they are tried."""

import cv2

from tradepost.crm.cards.asking import Line
from tradepost.crm.cards.engines.chain import Chain
from tradepost.crm.cards.engines.google_vision import GoogleVisionRecogniser
from tradepost.crm.cards.engines.port import Recogniser
from tradepost.crm.cards.engines.rapid import RapidRecogniser
from tradepost.crm.cards.engines.tesseract import TesseractRecogniser


def installed_chain(line: Line | None = None) -> Chain:
    """Return `rapidocr`, and behind it `tesseract` where it is installed, which then reads Cyrillic lines too.

    With a line to it, `google_vision` comes first.
    """
    cv2.setNumThreads(1)
    tesseract = TesseractRecogniser.installed()
    engines: list[Recogniser] = [] if line is None else [GoogleVisionRecogniser(line)]
    engines += [RapidRecogniser()] if tesseract is None else [RapidRecogniser(), tesseract]
    return Chain(tuple(engines), tesseract)

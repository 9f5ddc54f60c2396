"""The engine `google_vision`: Google's text recognition over HTTP, every script; off unless the owner sets a key.

The picture of each card leaves this machine: the card alone, without its surroundings and without metadata.
"""

import base64
from typing import Final

import cv2
import numpy as np
import orjson
from pydantic import ValidationError

from mainstay.net.failures import CallFailed
from tradepost.crm.cards.asking import Line
from tradepost.crm.cards.engines.port import EngineFailed, ReadCard, TextLine
from tradepost.crm.cards.engines.vision_format import Answer, TextAnnotation
from tradepost.crm.cards.engines.vision_lines import lines_of, quarters_to_upright
from tradepost.crm.cards.geometry import FlatCard, through
from tradepost.crm.cards.opening import Pixels

NAME: Final = "google_vision"
QUALITY: Final = 92
# google.rpc's code for a request that makes no sense: here that can only be the picture.
INVALID_ARGUMENT: Final = 3


class GoogleVisionRecogniser:
    """Asks once for each card, over the line to the program, which alone knows where the service is and its key."""

    name = NAME
    version = "v1+1"
    knows_cyrillic = True

    def __init__(self, line: Line) -> None:
        self._line = line

    def read(self, card: FlatCard) -> ReadCard:
        """Return the lines of the card, which comes back upright. Raises EngineFailed."""
        try:
            content = self._line.ask(_question(card.pixels))
        except CallFailed as failure:
            raise EngineFailed(str(failure), failure.code) from failure
        try:
            annotation = _understood(content)
        except EngineFailed as error:
            self._line.judge("" if isinstance(error, PictureRejected) else error.code)
            raise
        self._line.judge()
        return _upright(card, lines_of(annotation, self.name))


class PictureRejected(EngineFailed):
    """The service works, but not with this picture."""


def _question(pixels: Pixels) -> bytes:
    """Return the request for one card as a JPEG that OpenCV makes of its pixels: there is no metadata in them."""
    _, picture = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    content = base64.b64encode(picture.tobytes()).decode()
    return orjson.dumps(
        {"requests": [{"image": {"content": content}, "features": [{"type": "DOCUMENT_TEXT_DETECTION"}]}]}
    )


def _understood(content: bytes) -> TextAnnotation:
    """Return what was read. Raises EngineFailed; what is filled in counts, even beside an error."""
    try:
        answers = Answer.model_validate_json(content).responses
    except ValidationError as error:
        raise EngineFailed("its answer makes no sense", "bad_answer") from error
    if len(answers) != 1:
        raise EngineFailed("its answer is not for one picture", "bad_answer")
    (answer,) = answers
    if answer.full_text_annotation is not None:
        return answer.full_text_annotation
    if answer.error is None:
        return TextAnnotation()
    if answer.error.code == INVALID_ARGUMENT:
        raise PictureRejected("it could not work with this picture", "picture_rejected")
    raise EngineFailed(f"it answered with its error {answer.error.code}", f"error_{answer.error.code}")


def _upright(card: FlatCard, lines: list[TextLine]) -> ReadCard:
    turned = card.turned(quarters_to_upright(lines))
    there = np.linalg.inv(turned.to_photo) @ card.to_photo
    placed = (TextLine(through(one.quad, there), one.text, one.confidence, one.engine) for one in lines)
    return ReadCard(turned, tuple(placed))

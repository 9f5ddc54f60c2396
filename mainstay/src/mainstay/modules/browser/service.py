"""Errors of browsers become lines of the log, which is where errors are gathered from."""

import re

import structlog

from mainstay.modules.browser.schemas import BrowserErrorIn, PlaceIn
from mainstay.observe.tracker import BROWSER
from mainstay.observe.troubles import Frame, scrubbed

# Where the web app's own code lies; how its files are named says nothing of anybody.
_OWN = re.compile(r"/assets/[A-Za-z0-9_.-]+")

logger = structlog.stdlib.get_logger(BROWSER)


def report(error: BrowserErrorIn) -> None:
    """Log an error of a browser, without what may be somebody's."""
    frames = tuple(map(_frame, reversed(error.places)))
    logger.error(
        "browser error", kind=error.kind, reported=scrubbed(error.message), page=scrubbed(error.page), frames=frames
    )


def _frame(place: PlaceIn) -> Frame:
    is_ours = _OWN.fullmatch(place.file) is not None
    file = place.file if is_ours else scrubbed(place.file)
    return Frame(file, place.line, scrubbed(place.function), is_ours, place.column)

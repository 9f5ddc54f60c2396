"""Google's answer to `images:annotate` in its published form (REST, v1), as far as text needs it.

A member that is nought, empty or false is left out of the JSON; members that are not named here are passed over.
https://cloud.google.com/vision/docs/reference/rest/v1/AnnotateImageResponse
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Coordinate = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class Part(BaseModel):
    """A part of an answer; what a card says must not get into the log with an error."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Vertex(Part):
    """A corner in pixels of the picture that was sent; it may lie outside of it."""

    x: Coordinate = 0
    y: Coordinate = 0


class BoundingBox(Part):
    """Four corners, the first where the text's top left is when it is read: their order tells which way up it lies."""

    vertices: list[Vertex] = []


class DetectedBreak(Part):
    """What follows a letter, or precedes it: SPACE, SURE_SPACE, EOL_SURE_SPACE, HYPHEN or LINE_BREAK."""

    type: str = "UNKNOWN"
    is_prefix: bool = Field(default=False, alias="isPrefix")


class TextProperty(Part):
    """What else is known of a letter."""

    detected_break: DetectedBreak = Field(default=DetectedBreak(), alias="detectedBreak")


class Symbol(Part):
    """A letter, digit or mark."""

    text: str = ""
    confidence: Share | None = None
    property: TextProperty = TextProperty()


class Word(Part):
    """Letters in the order of reading."""

    symbols: list[Symbol] = []
    bounding_box: BoundingBox = Field(default=BoundingBox(), alias="boundingBox")
    confidence: Share | None = None


class Paragraph(Part):
    """Words in the order of reading."""

    words: list[Word] = []


class Block(Part):
    """Paragraphs that stand together; a bar code is a block too."""

    paragraphs: list[Paragraph] = []
    block_type: str = Field(default="TEXT", alias="blockType")


class Page(Part):
    """Blocks of one picture."""

    blocks: list[Block] = []


class TextAnnotation(Part):
    """All that was read."""

    pages: list[Page] = []


class Status(Part):
    """Why a picture was not read, or not wholly: a code of google.rpc."""

    code: int = 0


class ImageAnswer(Part):
    """The answer for one picture: what is filled in is right even where there is an error beside it."""

    full_text_annotation: TextAnnotation | None = Field(default=None, alias="fullTextAnnotation")
    error: Status | None = None


class Answer(Part):
    """The answer for all pictures of a request."""

    responses: list[ImageAnswer] = []

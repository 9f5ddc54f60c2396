"""Why a file is not read as a card, each reason with a sentence that the person who sent it can act on."""

from mainstay.errors import InvalidInput, ServiceUnavailable


class PictureRefused(InvalidInput):
    """The file is no picture that this program reads."""

    code = "crm.picture_refused"
    title = "This file cannot be read as a picture"


class WrongKindOfFile(PictureRefused):
    """The content is not JPEG, PNG or WebP, whatever the name says."""

    code = "crm.picture_wrong_kind"


class PictureTooLarge(PictureRefused):
    """Too many bytes, or too many pixels by its header; nothing was decoded."""

    code = "crm.picture_too_large"


class PictureTooSmall(PictureRefused):
    """Fewer pixels than print needs."""

    code = "crm.picture_too_small"


class PictureMoves(PictureRefused):
    """The picture has several frames."""

    code = "crm.picture_animated"


class PictureDamaged(PictureRefused):
    """The file ends too early or its content contradicts itself."""

    code = "crm.picture_damaged"


class ReadingStopped(ServiceUnavailable):
    """The worker process took too long, needed too much memory or died; the picture itself is not lost."""

    code = "crm.reading_stopped"
    title = "The card could not be read this time"

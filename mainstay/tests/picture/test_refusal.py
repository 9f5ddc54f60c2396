"""Why a picture is refused is told by a word."""

from mainstay.picture.refusal import PictureDamaged, PictureRefused


def test_a_damaged_picture_is_a_refused_one() -> None:
    refusal = PictureDamaged()
    assert isinstance(refusal, PictureRefused)
    assert refusal.reason == "picture_damaged"

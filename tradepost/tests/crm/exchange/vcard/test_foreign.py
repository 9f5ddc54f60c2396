"""Unknown properties on their way out."""

import pytest

from tradepost.crm.exchange.record import ContactRecord, ForeignProperty
from tradepost.crm.exchange.vcard.foreign import foreign_lines


def written(line: str, *, is_new: bool) -> list[str]:
    """Return what is written for an unknown property."""
    record = ContactRecord("A", foreign=(ForeignProperty(line),))
    return [str(one) for one in foreign_lines(record, is_new=is_new)]


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize("line", ["X-SKYPE;TYPE=work:anna", "item1.NICKNAME:Ann", "IMPP:xmpp:a@b", "ORG:Second"])
def test_what_is_unknown_is_written_as_it_came(line: str, is_new: bool) -> None:
    """Rule 32."""
    assert written(line, is_new=is_new) == [line]


@pytest.mark.parametrize("line", ["no property", "BEGIN:VCARD", "END:VCARD", "VERSION:2.1", "UID:1", "REV:1", "N:A;B"])
def test_what_frames_a_card_or_stands_once_is_not_written(line: str) -> None:
    assert written(line, is_new=True) == written(line, is_new=False) == []


def test_what_a_version_does_not_have_is_left_out_of_it() -> None:
    """Rule 32."""
    assert (written("GENDER:F", is_new=True), written("GENDER:F", is_new=False)) == (["GENDER:F"], [])
    assert (written("CLASS:PUBLIC", is_new=True), written("CLASS:PUBLIC", is_new=False)) == ([], ["CLASS:PUBLIC"])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("BDAY:1970-02-01", "BDAY:19700201"),
        ("BDAY:1970-02-01T10:00:00Z", "BDAY:19700201T10:00:00Z"),
        ("BDAY:--0203", "BDAY:--0203"),
        ("PHOTO;ENCODING=b;TYPE=JPEG:AAAA", "PHOTO:data:image/jpeg;base64,AAAA"),
        ("SOUND;ENCODING=b;TYPE=OGG:AAAA", "SOUND:data:audio/ogg;base64,AAAA"),
        ("X-A;ENCODING=b;TYPE=OCTET-STREAM:AAAA", "X-A:data:application/octet-stream;base64,AAAA"),
    ],
)
def test_dates_and_data_take_the_form_of_the_version(old: str, new: str) -> None:
    """Rule 32."""
    assert (written(old, is_new=True), written(new, is_new=False)) == ([new], [old])
    assert (written(new, is_new=True), written(old, is_new=False)) == ([new], [old])


def test_data_without_a_known_type_is_just_data() -> None:
    assert written("KEY;ENCODING=B:AAAA", is_new=True) == ["KEY:data:application/octet-stream;base64,AAAA"]
    assert written("LOGO;ENCODING=b;TYPE=image/png:AAAA", is_new=True) == ["LOGO:data:image/png;base64,AAAA"]

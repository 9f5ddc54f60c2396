"""Folded lines."""

from tradepost.crm.exchange.vcard.physical import LONGEST_KEPT, Physical
from tradepost.crm.exchange.vcard.unfolding import RawProperty, Unfolder


def unfold(content: bytes, *, is_old: bool = False) -> list[RawProperty]:
    """Return the properties of some lines."""
    unfolder = Unfolder()
    unfolder.is_old = is_old
    lines = enumerate(content.split(b"\n"), start=1)
    found = [one for number, line in lines for one in unfolder.take(Physical(number, line, len(line)))]
    last = unfolder.end()
    return found if last is None else [*found, last]


def data_of(content: bytes, *, is_old: bool = False) -> list[bytes]:
    """Return the properties of some lines as bytes."""
    return [bytes(one.data) for one in unfold(content, is_old=is_old)]


def test_a_fold_may_cut_a_character_in_half() -> None:
    letters = "NOTE:Ж".encode()
    assert data_of(letters[:-1] + b"\n " + letters[-1:] + b"\n\tend") == ["NOTE:Жend".encode()]


def test_the_old_version_folds_between_words() -> None:
    assert data_of(b"NOTE:one\n two", is_old=True) == [b"NOTE:one two"]


def test_soft_line_ends_of_quoted_printable_are_joined() -> None:
    content = b"NOTE;ENCODING=QUOTED-PRINTABLE:=D0=\n=96=\n\nTEL:1"
    assert data_of(content, is_old=True) == [b"NOTE;ENCODING=QUOTED-PRINTABLE:=D0=96", b"TEL:1"]


def test_a_soft_line_end_too_many_does_not_swallow_the_end() -> None:
    assert data_of(b"NOTE;QUOTED-PRINTABLE:a=\nEND:VCARD") == [b"NOTE;QUOTED-PRINTABLE:a=", b"END:VCARD"]


def test_base64_goes_on_up_to_an_empty_line() -> None:
    content = b"PHOTO;ENCODING=BASE64;TYPE=JPEG:\n /9j/\nAAAA\n \n\nTEL:1"
    assert data_of(content, is_old=True) == [b"PHOTO;ENCODING=BASE64;TYPE=JPEG:/9j/AAAA", b"TEL:1"]


def test_a_property_knows_its_line_and_its_name() -> None:
    [_, one] = unfold(b"A:1\nitem1.x-abLabel;A=b:c")
    assert (one.number, one.name, one.is_cut) == (2, "X-ABLABEL", False)


def test_of_a_long_property_the_beginning_is_kept() -> None:
    [one] = unfold(b"NOTE:\n " + b"x" * LONGEST_KEPT)
    assert (len(one.data), one.size, one.is_cut) == (LONGEST_KEPT, LONGEST_KEPT + 5, True)

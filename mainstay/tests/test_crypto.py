"""Tokens are long and never the same, digests and signatures are the standard ones, comparison takes any text."""

import base64
import hashlib
import hmac
import string

import pytest

from mainstay import crypto


def test_a_token_is_url_safe_text_of_256_bits_and_never_the_same() -> None:
    made = {crypto.new_token() for _ in range(1000)}

    assert len(made) == 1000
    assert {len(token) for token in made} == {43}
    assert set("".join(made)) <= set(string.ascii_letters + string.digits + "-_")


def test_a_token_has_as_many_bytes_as_are_asked_for() -> None:
    assert len(base64.urlsafe_b64decode(crypto.new_token(9))) == 9


def test_a_digest_is_sha_256_of_the_text_in_utf_8() -> None:
    expected = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
    assert crypto.digest("foo").hex() == expected
    assert crypto.digest("ключ") == hashlib.sha256("ключ".encode()).digest()


def test_a_signature_is_hmac_sha_256_over_purpose_and_text() -> None:
    expected = hmac.new(b"k" * 32, b"csrf\x00token", hashlib.sha256).digest()

    signature = crypto.sign(b"k" * 32, "csrf", "token")

    assert base64.urlsafe_b64decode(signature + "=") == expected
    assert len(signature) == 43


def test_a_signature_changes_with_key_purpose_and_text() -> None:
    signatures = {
        crypto.sign(b"k" * 32, "csrf", "token"),
        crypto.sign(b"l" * 32, "csrf", "token"),
        crypto.sign(b"k" * 32, "link", "token"),
        crypto.sign(b"k" * 32, "csrf", "token2"),
    }

    assert len(signatures) == 4


def test_a_tag_is_keyed_blake2b_over_purpose_and_text_with_keys_of_any_length() -> None:
    long = b"k" * 65

    assert (
        crypto.tag(b"k" * 64, "list", "place")
        == hashlib.blake2b(b"list\x00place", key=b"k" * 64, digest_size=16).hexdigest()
    )
    assert len({crypto.tag(b"k" * 64, "list", "place"), crypto.tag(long, "list", "place")}) == 2
    assert len({crypto.tag(long, *each) for each in (("list", "place"), ("csrf", "place"), ("list", "place2"))}) == 3


def test_comparison_accepts_every_script_and_sees_a_difference() -> None:
    assert crypto.is_equal("пароль", "пароль")
    assert not crypto.is_equal("пароль", "парол")
    assert not crypto.is_equal("a", "")


# -- sealed secrets ----------------------------------------------------------------------------------------------------

KEY, OTHER = b"k" * 32, b"o" * 32


def test_a_derived_key_is_that_of_rfc_5869_and_one_for_each_purpose() -> None:
    pseudo = hmac.new(bytes(32), KEY, hashlib.sha256).digest()
    expected = hmac.new(pseudo, b"totp\x01", hashlib.sha256).digest()

    assert crypto.derive_key(KEY, "totp") == expected
    assert crypto.derive_key(KEY, "mail") != expected


def test_what_is_sealed_opens_again_and_never_looks_the_same() -> None:
    sealed = {crypto.seal(KEY, "totp", b"secret", "ada") for _ in range(50)}

    assert len(sealed) == 50
    assert {crypto.unseal(KEY, "totp", each, "ada") for each in sealed} == {b"secret"}
    assert not any(b"secret" in each for each in sealed)


@pytest.mark.parametrize(
    ("key", "purpose", "owner"), [(OTHER, "totp", "ada"), (KEY, "mail", "ada"), (KEY, "totp", "eve")]
)
def test_it_opens_for_its_key_its_purpose_and_its_owner_alone(key: bytes, purpose: str, owner: str) -> None:
    sealed = crypto.seal(KEY, "totp", b"secret", "ada")

    with pytest.raises(crypto.Unreadable):
        crypto.unseal(key, purpose, sealed, owner)


@pytest.mark.parametrize("place", [0, 4, 16, -1])
def test_what_was_changed_or_cut_off_does_not_open(place: int) -> None:
    sealed = bytearray(crypto.seal(KEY, "totp", b"secret", "ada"))
    sealed[place] ^= 1

    for wrong in (bytes(sealed), bytes(sealed[:10]), b""):
        with pytest.raises(crypto.Unreadable):
            crypto.unseal(KEY, "totp", wrong, "ada")


def test_random_text_is_of_its_alphabet_and_never_the_same() -> None:
    made = {crypto.new_text("abcdef", 20) for _ in range(200)}

    assert len(made) == 200
    assert set("".join(made)) == set("abcdef")
    assert len({crypto.new_bytes(16) for _ in range(200)}) == 200

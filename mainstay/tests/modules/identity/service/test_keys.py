"""The shape of API keys: made to be recognised, and told apart from a typing error."""

import pytest

from mainstay.modules.identity.service.keys import ALPHABET, checksum, is_shaped, new_key


def test_a_key_has_a_prefix_256_random_bits_and_a_checksum() -> None:
    first, second = new_key("tp"), new_key("tp")

    assert first != second
    assert (first[:3], len(first)) == ("tp_", 52)
    assert len(ALPHABET) ** 43 >= 2**256
    assert is_shaped(first, "tp")


def test_the_checksum_is_the_crc_32_in_base_62() -> None:
    assert checksum("") == "000000"
    assert checksum("123456789") == "".join(ALPHABET[0xCBF43926 // 62**place % 62] for place in range(5, -1, -1))


@pytest.mark.parametrize("place", range(3, 52))
def test_every_single_typing_error_is_noticed(place: int) -> None:
    key = new_key("tp")
    other = "a" if key[place] != "a" else "b"

    assert not is_shaped(key[:place] + other + key[place + 1 :], "tp")


def test_two_characters_in_the_wrong_order_are_noticed() -> None:
    start = "tp_" + "ab" + "c" * 41
    key = start + checksum(start)

    assert is_shaped(key, "tp")
    assert not is_shaped("tp_ba" + key[5:], "tp")


@pytest.mark.parametrize("wrong", ["", "tp_", "tp", "é", "tp_" + "é" * 49])
def test_what_is_no_key_is_not_shaped_like_one(wrong: str) -> None:
    assert not is_shaped(wrong, "tp")


def test_a_key_of_another_program_is_none_of_ours() -> None:
    assert not is_shaped(new_key("xy"), "tp")

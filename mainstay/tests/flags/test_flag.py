"""What a flag may be declared as."""

import pytest

from mainstay.flags.flag import Flag, Said

SAYS = Said("The bell rings.", "Колокольчик звонит.")


def test_a_flag_without_variants_is_a_yes_or_no_and_nothing_else() -> None:
    flag = Flag("lab.bell", SAYS, default=False)

    assert flag.values == (False, True)
    assert flag.has(True)
    assert not flag.has("true")


def test_a_flag_with_variants_is_one_of_them() -> None:
    flag = Flag("lab.sign", SAYS, "plain", ("plain", "large"))

    assert flag.has("large")
    assert not flag.has("huge")
    assert not flag.has(True)


@pytest.mark.parametrize(
    ("key", "default", "variants"),
    [("bell", False, ()), ("lab.Bell", False, ()), ("lab.bell", "on", ()), ("lab.sign", "huge", ("plain", "large"))],
)
def test_a_flag_that_makes_no_sense_is_refused(key: str, default: bool | str, variants: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"the flag|the default"):
        Flag(key, SAYS, default, variants)

"""Phone numbers: E.164 beside the text as written (rule 30)."""

import phonenumbers
from phonenumbers import PhoneNumberFormat, ValidationResult

# ITU-T E.164: a country code and at most fifteen digits in all.
LONGEST_E164 = len("+") + 15


def e164(written: str, region: str | None) -> str | None:
    """Return a number in E.164, None for what is none: an extension, a short code, or digits without a country.

    `region` is the country (ISO 3166, such as `FR`) whose numbers are written without a country code; None knows no
    such country. Numbers only have to be possible: ranges come into use faster than lists of them.
    """
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    text = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return text if len(text) <= LONGEST_E164 else None


def digit_runs(written: str, number: str | None) -> list[str]:
    """Return the runs of digits that a phone is searched by: international, as dialled at home, and as written."""
    runs = {digits(written)}
    if number is not None:
        parsed = phonenumbers.parse(number)
        runs |= {digits(number), digits(phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL))}
    return sorted(run for run in runs if run)


def digits(text: str) -> str:
    """Return the digits of `text`, those of other scripts as 0 to 9."""
    return phonenumbers.normalize_digits_only(text)

"""Currencies with their own exponent, and amounts of them as text and as integer minor units (rules 1 and 2)."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from tradepost.money.errors import InvalidAmount, TooManyDecimals, UnknownCurrency
from tradepost.money.exact import LARGEST_AMOUNT_MINOR, require_finite, require_minor, shift_exactly

# Active ISO 4217 codes of 2026-02, by number of decimals. Metals and testing codes have no minor unit: left out.
_CODES_BY_EXPONENT = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW
        CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF
        IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK
        MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP
        SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG
        YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_PLAIN = re.compile(r"-?[0-9]{1,16}(?:\.[0-9]{1,10})?")
_TYPED = re.compile(r"-?[0-9]{1,16}(?:[.,][0-9]{1,10})?")


@dataclass(frozen=True, slots=True)
class Currency:
    """An ISO 4217 currency: its three-letter code and the number of decimals of its minor unit."""

    code: str
    exponent: int


def active_codes() -> tuple[str, ...]:
    """Return every code that `currency` knows, in alphabetical order."""
    return tuple(sorted(code for codes in _CODES_BY_EXPONENT.values() for code in codes.split()))


@cache
def currency(code: str) -> Currency:
    """Return the currency of an upper-case ISO 4217 code. Raises UnknownCurrency."""
    for exponent, codes in _CODES_BY_EXPONENT.items():
        if code in codes.split():
            return Currency(code, exponent)
    raise UnknownCurrency("The currency must be an active ISO 4217 code such as EUR.")


def to_minor(amount: Decimal | str, unit: Currency) -> int:
    """Return an amount of major units as an int of minor units ("12.50" EUR → 1250).

    Text must be plain digits with a decimal point. Raises TypeError for floats and ints, TooManyDecimals for more
    decimals than the currency has, InvalidAmount for NaN, infinity, above 2 × 10^15 minor units, and other text.
    """
    if isinstance(amount, str):
        amount = _read(amount, _PLAIN)
    require_finite(amount, "amount", InvalidAmount)
    minor = shift_exactly(amount, unit.exponent)
    if minor is None:
        raise TooManyDecimals(f"An amount in {unit.code} may have at most {unit.exponent} decimals.")
    if abs(minor) > LARGEST_AMOUNT_MINOR:
        raise InvalidAmount("The amount is too large.")
    return minor


def parse_amount(text: str, unit: Currency) -> int:
    """Return what a person typed as minor units: outer spaces and a decimal comma are accepted, grouping is not.

    Raises TypeError for anything but text, TooManyDecimals and InvalidAmount as `to_minor` does.
    """
    if not isinstance(text, str):
        raise TypeError(f"text must be a str, not {type(text).__name__}")
    return to_minor(_read(text.strip(), _TYPED), unit)


def format_minor(amount_minor: int, unit: Currency) -> str:
    """Return minor units as plain decimal text of major units (-5 EUR → "-0.05", 5 JPY → "5")."""
    require_minor(amount_minor, "amount_minor")
    digits = str(abs(amount_minor)).rjust(unit.exponent + 1, "0")
    sign = "-" if amount_minor < 0 else ""
    if not unit.exponent:
        return sign + digits
    return f"{sign}{digits[: -unit.exponent]}.{digits[-unit.exponent :]}"


def _read(text: str, grammar: re.Pattern[str]) -> Decimal:
    if not grammar.fullmatch(text):
        raise InvalidAmount("The amount must be digits with at most one decimal separator, such as 12.50.")
    return Decimal(text.replace(",", "."))

"""Patterns: what looks like a secret or like somebody's data in a text, and is written to no log.

Each pass looks only where a sign of its own is in the text, and takes time that grows with the text, not with its
square. Ids, hashes, versions, moments and counts stay whole. Why so: docs/decisions/0063-what-logs-never-tell.md.
"""

import re
from typing import Final

REDACTED: Final = "[redacted]"
# Of a longer text the beginning and the end are told: a trace says last what went wrong.
MOST_TEXT: Final = 50_000
# Names whose values are secrets, in fields, headers, queries and sentences.
SECRET: Final = re.compile(
    r"passw|passphrase|secret|token|authori[sz]ation|cookie|csrf|api[_-]?key|credential|private[_-]?key"
    r"|\b(?:pwd|pin)\b",
    re.IGNORECASE,
)

_UUID: Final = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# Most paths, and single words: nothing there can be anybody's but the number at the end, and no more is looked for.
_PLAIN: Final = re.compile(
    rf"[a-z_.-]*+(?:/(?:(?:{_UUID}|[a-z_.-]*+|[0-9A-Za-z_.-]{{1,12}}+)(?=/|\Z)))*+(?:/(?P<number>[0-9]{{13,19}}))?"
)
# What stands before the @ of an address of a service: a user with a password, or a tracker's key.
_USERINFO: Final = re.compile(r"(?<=//)[^\s/@:\"'\[]{0,100}(?::[^\s\"']{0,200})?@")
# An @ may be written as in a query; what follows it ends in letters, so that `tradepost@1.4.0` is no address.
_MAIL: Final = re.compile(r"(?<![\w.+%-])(?:[\w.+-]|%(?!40))++(?:@|%40)(?:[\w-]+\.)+[^\W\d_][\w-]*\w")
_SCHEME: Final = re.compile(r"\b(bearer +(?!tokens?\b)|basic +(?=\w*(?-i:[A-Z0-9=])))[\w.~+/=-]{4,}", re.IGNORECASE)
# A name with what stands between it and its value: password=…, "token": "…", (b'cookie', b'…'), X-Api-Key: …
_BETWEEN: Final = r"(?:\\?[\"']?\s{0,3}(?:[:=]|%3D)|\\?[\"']\s{0,3},)\s{0,3}"
_NAMED: Final = re.compile(
    rf"(?:{SECRET.pattern})[\w-]{{0,60}}+{_BETWEEN}"
    r"|(?<=[?&#;])(?:key|code|sig|signature|state|otp|email|phone|name)=",
    re.IGNORECASE,
)
_HEADER: Final = re.compile(r"cookie|authori", re.IGNORECASE)
_VALUES: Final = (
    re.compile(r"b?\\([\"'])(?:(?!\\\1).)*+", re.DOTALL),
    re.compile(r"b?([\"'])(?:\\.|(?!\1)[^\\])*+", re.DOTALL),
)
_LINE: Final = re.compile(r"[^\r\n]+")
_WORD: Final = re.compile(r"(?!(?:None|null|true|false|\$[0-9]+|%s)(?!\w))[^\s&;,'\"<>}\])]+", re.IGNORECASE)
# A class that is called so, as in the last line of a trace, is followed by a sentence.
_CLASS: Final = re.compile(r"(?:\w+\.)*[A-Z][a-z0-9]+[A-Z]\w*: ")
_BEFORE: Final = re.compile(r"[\w.]{0,80}\Z")
# What PostgreSQL and pydantic quote of a value that they refuse.
_QUOTED: Final = re.compile(
    r"(\bKey \([^\n]{1,200}?\)=\()[^\n]*?(?=\) (?:already|is |conflicts)|$)"
    r"|(\bFailing row contains \().*?(?=\)\.?$|\Z)"
    r"|(\binvalid input [^\n:]{1,80}: \")[^\n]*(?=\")"
    r"|(\binput_value=)[^\n]*(?=, input_type=)",
    re.MULTILINE | re.DOTALL,
)
# What stands in the middle of letters and digits is part of an id or a hash.
_NUMBERS: Final = re.compile(
    r"(?P<iban>(?<![0-9A-Za-z])[A-Z]{2}[0-9]{2}(?:[0-9A-Z]{11,30}|(?: [0-9A-Z]{4}){2,7}(?: [0-9A-Z]{1,4})?)"
    r"(?![0-9A-Za-z]))"
    r"|(?P<card>(?<![0-9A-Za-z.])(?:[0-9]{13,19}|[0-9]{4}(?P<gap>[ -])[0-9]{4}(?P=gap)[0-9]{4}(?P=gap)[0-9]{1,7}"
    r"|[0-9]{4}(?P<amex>[ -])[0-9]{6}(?P=amex)[0-9]{4,5})(?![0-9A-Za-z]|\.[0-9]))"
    r"|(?P<phone>(?:(?<![\w.+)])\+|%2[Bb])[1-9](?:(?:[ .-]|\)[ -]?|[ -]?\()?[0-9]){8,14}(?![0-9]))"
)
# By Luhn (ISO/IEC 7812-1, annex B) a digit counts twice, and the sum of both digits when there are two.
_DOUBLED: Final = bytes(48 * [0] + [0, 2, 4, 6, 8, 1, 3, 5, 7, 9] + 198 * [0])
_SHORTEST_IBAN: Final = 15
_TOKEN: Final = re.compile(r"(?<![\w-])eyJ[\w-]++\.[\w-]++(?:\.[\w-]*+)*+|(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{40,}+")
_PEM: Final = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*-----|\Z)", re.DOTALL)
_HAS_NAME: Final = re.compile(r"[=:,]|%3D")
_HAS_SCHEME: Final = re.compile(r"bearer|basic", re.IGNORECASE)
_HAS_NUMBER: Final = re.compile(r"[0-9]{13}|[0-9]{4}[ -][0-9]|[A-Z]{2}[0-9]{2}|\+[1-9]|%2[Bb]")


def cleaned(text: str) -> str:
    """Return a text without what looks like a secret or like somebody's data."""
    if (plain := _PLAIN.fullmatch(text)) and ((number := plain["number"]) is None or not is_card(number)):
        return text
    if len(text) > MOST_TEXT:
        text = _shortened(text)
    if "PRIVATE KEY" in text:
        text = _PEM.sub(REDACTED, text)
    if "@" in text or "%40" in text:
        text = _MAIL.sub(REDACTED, _USERINFO.sub(f"{REDACTED}@", text))
    if _HAS_NAME.search(text):
        text = _named(_QUOTED.sub(_after, text))
    if " " in text and _HAS_SCHEME.search(text):
        text = _SCHEME.sub(_after, text)
    if _HAS_NUMBER.search(text):
        text = _NUMBERS.sub(_number, text)
    return _TOKEN.sub(_token, text) if len(text) >= 26 else text


def is_card(digits: str) -> bool:
    """Whether digits are a payment card's: an issuer's first ones (ISO/IEC 7812), and a check digit by Luhn.

    What begins with 1 is a moment in milli-, micro- or nanoseconds; 13 digits that are right as a GTIN are goods.
    """
    if digits[0] not in "234568" and digits[:2] not in {"97", "98"}:
        return False
    if len(digits) == 13 and digits[0] != "4":
        return False
    turned = digits.encode()[::-1]
    odd, even = sum(turned[::2]) - 48 * len(turned[::2]), turned[1::2]
    if (odd + sum(even.translate(_DOUBLED))) % 10:
        return False
    return len(digits) > 13 or (odd + 3 * (sum(even) - 48 * len(even))) % 10 != 0


def _shortened(text: str) -> str:
    """Return beginning and end of a long text, cut between words, so that half a secret is not taken for none."""
    # Of nothing but spaces there are no words.
    head = text[: MOST_TEXT // 2].rsplit(maxsplit=1)[:1]
    tail = text[-MOST_TEXT // 2 :].split(maxsplit=1)[-1:]
    return f"{''.join(head)} … {''.join(tail)}"


def _after(found: re.Match[str]) -> str:
    return f"{found[found.lastindex or 0]}{REDACTED}"


def _named(text: str) -> str:
    """Return a text without the values that stand behind names of secrets."""
    parts, told = [], 0
    for found in _NAMED.finditer(text):
        if found.start() < told or text.startswith(REDACTED, found.end()) or _is_sentence(text, found):
            continue
        value = _value(text, found)
        if value is not None:
            quote = value[0][: value.end(1) - value.start()] if value.re.groups else ""
            parts += [text[told : found.end()], quote, REDACTED]
            told = value.end()
    return "".join([*parts, text[told:]]) if parts else text


def _value(text: str, name: re.Match[str]) -> re.Match[str] | None:
    for quoted in _VALUES:
        if (found := quoted.match(text, name.end())) is not None:
            return found
    return (_LINE if _HEADER.match(name[0]) else _WORD).match(text, name.end())


def _is_sentence(text: str, name: re.Match[str]) -> bool:
    before = _BEFORE.search(text[max(0, name.start() - 80) : name.start()])
    return _CLASS.fullmatch((before[0] if before else "") + name[0]) is not None


def _number(found: re.Match[str]) -> str:
    text = found[0]
    if found["iban"]:
        # What follows in capitals may be no part of it.
        ends = range(len(text), _SHORTEST_IBAN - 1, -1)
        end = next((each for each in ends if text[each - 1] != " " and _is_iban(text[:each])), None)
        return text if end is None else REDACTED + text[end:]
    if found["card"]:
        return REDACTED if is_card(re.sub(r"[ -]", "", text)) else text
    return REDACTED if found["phone"] else text


def _is_iban(text: str) -> bool:
    """Whether the check digits of an account's number are right (ISO 13616, ISO/IEC 7064 MOD 97-10)."""
    packed = text.replace(" ", "")
    if len(packed) < _SHORTEST_IBAN:
        return False
    return int("".join(str(int(sign, 36)) for sign in packed[4:] + packed[:4])) % 97 == 1


def _token(found: re.Match[str]) -> str:
    """Take away what was drawn at random: 40 signs and more of both cases. Names of classes have fewer capitals."""
    text = found[0]
    if text.startswith("eyJ") and "." in text:
        return REDACTED
    capitals, smalls = sum(map(str.isupper, text)), sum(map(str.islower, text))
    has_mark = "-" in text or any(map(str.isdigit, text)) or 10 * capitals >= 3 * len(text)
    return REDACTED if min(capitals, smalls) >= 6 and has_mark else text

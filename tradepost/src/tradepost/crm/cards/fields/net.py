"""Finds e-mail addresses and websites in a line, with the slips that text recognition makes in them."""

import re
from dataclasses import dataclass
from typing import Final

# Endings of domains that cards carry most; others count where a label, `www` or `https` says what the text is.
ENDINGS: Final = (
    "com|net|org|info|biz|io|eu|de|fr|ru|uk|us|at|ch|nl|be|it|es|pt|pl|cz|sk|hu|ro|bg|gr|dk|se|no|fi|ie|lu|ee|lv|lt|"
    "by|ua|kz|co|ai|app|dev|shop|store|online|me|tv|cc|pro|site|tech|agency|design|studio|consulting|group|gmbh|"
    "berlin|hamburg|koeln|paris|london|moscow|su|рф|ca|au|nz|in|cn|jp|kr|br|mx|tr|il|ae|za|xyz"
)
LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
EMAIL: Final = re.compile(rf"[\w.+%-]*\w@(?:{LABEL}\.)+[^\W\d_]{{2,24}}")
WEBSITE: Final = re.compile(
    rf"(?<![@\w.-])(?:(?P<scheme>https?://)(?:www\.)?|www\.)?(?P<domain>(?:{LABEL}\.)+(?P<end>[^\W\d_]{{2,24}}))(?![@\w])"
    r"(?P<path>/[\w./?=&%~#-]*)?",
    re.IGNORECASE,
)
KNOWN_END: Final = re.compile(rf"(?:{ENDINGS})", re.IGNORECASE)
AROUND_AT: Final = re.compile(r"\s*[@©]\s?(?=[\w-]+(?:\s?[.,]\s?[\w-]+)*\s?[.,]\s?[a-z]{2,})", re.IGNORECASE)
SPACED_DOT: Final = re.compile(rf"(?<=[\w-])(?:\s+[.,]\s*|\s*[.,]\s+|,)(?=(?:{ENDINGS})\b)", re.IGNORECASE)
SCHEME: Final = re.compile(r"\bh[it]{0,2}t{1,2}[pр]([s5]?)\s*[:;.]?\s*/\s*/\s*", re.IGNORECASE)
TRIPLE_W: Final = re.compile(r"\b(?:www|vww|wvw|wwv|vvww|ww|wwww)\s*[.,]\s*(?=\w)", re.IGNORECASE)
# The label `www:` before an address that begins with it.
DOUBLED: Final = re.compile(r"\bwww\s*[:.]?\s*(?=www\.)", re.IGNORECASE)
SOCIAL: Final = re.compile(r"\b(?:linkedin|facebook|instagram|twitter|xing|vk|t)\.(?:com|me|ru)/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """A value and where in the line it stands."""

    value: str
    start: int
    end: int


def mend(text: str) -> str:
    """Return the line with spaces and commas taken out of addresses of the net."""
    text = SCHEME.sub(lambda match: f"http{'s' if match[1] else ''}://", text)
    text = DOUBLED.sub("", text)
    text = TRIPLE_W.sub(lambda match: "WWW." if match[0].isupper() else "www.", text)
    if "@" in text or "www." in text.lower() or "://" in text:
        text = AROUND_AT.sub("@", text)
        text = SPACED_DOT.sub(".", text)
    return text


def emails_in(text: str) -> list[Span]:
    """Return the e-mail addresses of a mended line as they are written (rule 31)."""
    return [Span(match[0].strip(".-"), match.start(), match.end()) for match in EMAIL.finditer(text)]


def websites_in(text: str) -> list[Span]:
    """Return the websites of a mended line; pages in social networks are not the firm's."""
    if SOCIAL.search(text):
        return []
    found = []
    for match in WEBSITE.finditer(text):
        is_marked = match["scheme"] or match[0].lower().startswith("www.")
        if is_marked or (KNOWN_END.fullmatch(match["end"]) and _is_plain(match["domain"])):
            found.append(Span(match[0].rstrip("./-"), match.start(), match.end()))
    return found


def _is_plain(domain: str) -> bool:
    """Whether a bare word with a dot is a domain, and no title (`Dipl.-Ing`), abbreviation or firm (`S.A`)."""
    head, _, _ = domain.rpartition(".")
    return len(head) >= 3 and domain.islower() and max(map(len, head.split("."))) >= 2


def domain_of(value: str) -> str:
    """Return the domain of an address or a website, in lower case without `www`."""
    domain = value.rpartition("@")[2] if "@" in value else re.sub(r"^https?://", "", value, flags=re.IGNORECASE)
    return domain.lower().removeprefix("www.").partition("/")[0]

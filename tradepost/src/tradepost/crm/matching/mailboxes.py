"""E-mail addresses and web domains for comparison: whose they are, and whether many people share them."""

from functools import lru_cache

from tradepost.crm.matching import vocabulary

FREE_MAIL = frozenset(vocabulary.FREE_MAIL.split())
SHARED_SITES = frozenset(vocabulary.SHARED_SITES.split())
ROLES = frozenset(vocabulary.ROLES.split())


@lru_cache(maxsize=20_000)
def normal_domain(domain: str) -> str:
    """Return a domain in lower case and IDNA form (RFC 5890, rule 31); one without such a form only in lower case."""
    lower = domain.strip().rstrip(".").casefold()
    if lower.isascii():
        return lower
    try:
        return lower.encode("idna").decode("ascii")
    except UnicodeError:
        # Not a host's name; it can still be the same on two records.
        return lower


def normal_email(address: str) -> str:
    """Return an address with its domain normal and its local part as typed (rule 31); compare casefolded."""
    local, at, domain = address.strip().rpartition("@")
    return f"{local}{at}{normal_domain(domain)}" if local else ""


def is_shared(email: str) -> bool:
    """Whether an address is a role's (info@, sales@) and not a person's."""
    local = email.partition("@")[0].casefold()
    return local in ROLES or local.rstrip("0123456789") in ROLES


def own_domain(text: str) -> str:
    """Return the domain of a website or an e-mail address; empty for free mail and sites that anyone uses."""
    host = text.rpartition("@")[2] if "@" in text else text.partition("://")[2] or text
    for end in "/?#:":
        host = host.partition(end)[0]
    domain = normal_domain(host).removeprefix("www.")
    return "" if "." not in domain or domain in FREE_MAIL or domain in SHARED_SITES else domain

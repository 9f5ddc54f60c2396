"""Holds e-mail addresses, websites, name and firm against each other, and mends what only one of them has wrong."""

from dataclasses import replace
from difflib import SequenceMatcher
from typing import Final

from tradepost.crm.cards.fields.contacts import Contacts, NetItem
from tradepost.crm.cards.fields.latin import latin, likeness
from tradepost.crm.cards.fields.net import domain_of

# What an engine makes of `@` between letters.
AT_LIKE: Final = "gq9ae&c"
# Domains that are as like as this are one domain read twice; shorter ones may well be two.
SAME: Final = 0.88
LONG_ENOUGH: Final = 7
PUBLIC: Final = frozenset(
    {"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "gmx.de", "web.de", "t-online.de"}
    | {"orange.fr", "free.fr", "mail.ru", "yandex.ru", "bk.ru"}
)


def agreed(contacts: Contacts, name: str, company: str) -> Contacts:
    """Return the contact data with its slips mended."""
    contacts = _with_at(contacts)
    emails = [replace(one, value=_without_label(one.value, name)) for one in contacts.emails]
    firm = latin(company).replace(" ", "")
    domains = {domain_of(one.value) for one in (*emails, *contacts.websites)}
    best = {domain: _best(domain, domains, firm) for domain in domains}
    return replace(
        contacts,
        emails=tuple(_moved(one, best) for one in emails),
        websites=tuple(_moved(one, best) for one in contacts.websites),
    )


def _with_at(contacts: Contacts) -> Contacts:
    """Return addresses whose `@` was read as a letter as what they are: `infogkestrel.de` beside `kestrel.de`."""
    domains = {domain_of(one.value) for one in (*contacts.emails, *contacts.websites)}
    emails, websites = list(contacts.emails), []
    for one in contacts.websites:
        whole = domain_of(one.value)
        ends = [domain for domain in domains if whole != domain and whole.endswith(domain)]
        mailbox = whole.removesuffix(max(ends, key=len)) if ends else ""
        if len(mailbox) > 2 and mailbox[-1] in AT_LIKE and not one.value.lower().startswith(("http", "www")):
            emails.append(replace(one, value=f"{mailbox[:-1]}@{max(ends, key=len)}"))
        else:
            websites.append(one)
    return replace(contacts, emails=tuple(emails), websites=tuple(websites))


def _without_label(email: str, name: str) -> str:
    """Return an address without a letter or an icon that stuck to it, when the rest is the name's."""
    mailbox, _, domain = email.partition("@")
    words = [word for word in latin(name).split() if len(word) > 1]
    if len(mailbox) < 4 or not words:
        return email
    usual = _mailboxes(words)
    is_stuck = mailbox[1:].lower() in usual and mailbox.lower() not in usual
    return f"{mailbox[1:]}@{domain}" if is_stuck else email


def _mailboxes(words: list[str]) -> set[str]:
    """Return the usual ways to make a mailbox of a name."""
    found = set(words)
    for one in words:
        for other in words:
            if one != other:
                found |= {f"{one}{sign}{other}" for sign in ("", ".", "_", "-")}
                found |= {f"{one[0]}{sign}{other}" for sign in ("", ".", "_", "-")} | {f"{one}.{other[0]}"}
    return found


def _best(domain: str, domains: set[str], firm: str) -> str:
    """Return the reading of a domain that is most like the firm, of those that are nearly the same."""
    near = [
        other
        for other in domains - PUBLIC
        if len(other) >= LONG_ENOUGH and SequenceMatcher(None, domain, other).ratio() >= SAME
    ]
    if domain in PUBLIC or len(near) < 2 or not firm:
        return domain
    return max(near, key=lambda other: (_like(other, firm), other == domain))


def _like(domain: str, firm: str) -> float:
    return likeness(latin(domain.rpartition(".")[0]).replace(" ", ""), firm)


def _moved(one: NetItem, best: dict[str, str]) -> NetItem:
    domain = domain_of(one.value)
    if best.get(domain, domain) == domain:
        return one
    at = one.value.lower().rfind(domain)
    return replace(one, value=one.value[:at] + best[domain] + one.value[at + len(domain) :])

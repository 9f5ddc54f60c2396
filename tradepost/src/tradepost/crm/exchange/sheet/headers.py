"""Guessing what columns hold by what they are called: Google's, Outlook's and plain headers in several languages."""

import re
from functools import lru_cache

from tradepost.crm.exchange.folding import fold
from tradepost.crm.exchange.kinds import phone_kind, place_kind
from tradepost.crm.exchange.sheet.target import SINGLE, SingleField, SlotField, Target

# Phrases of folded words; fields without slots must be called exactly so.
_SINGLE_NAMES: dict[SingleField, str] = {
    "name": "name, full name, display name, contact, contact name, vollständiger name, имя и фамилия, фио, ф и о"
    ", полное имя, контакт, контактное лицо, nom complet, ansprechpartner",
    "given": "first name, firstname, given name, vorname, имя, prénom, forename",
    "middle": "middle name, additional name, weitere vornamen, zweiter vorname, отчество, deuxième prénom",
    "family": "last name, lastname, family name, surname, nachname, familienname, фамилия, nom, nom de famille",
    "prefix": "prefix, name prefix, salutation, anrede, titel anrede, обращение, civilité",
    "suffix": "suffix, name suffix, namenssuffix",
    "company": "company, company name, organization, organisation, organization name, organization 1 name, firma"
    ", unternehmen, компания, организация, фирма, société, entreprise",
    "title": "title, job title, organization title, organization 1 title, position, role, titel, funktion, должность"
    ", fonction, poste, beruf",
    "department": "department, organization department, organization 1 department, abteilung, отдел, подразделение"
    ", service, département",
    "language": "language, sprache, язык, langue",
    "notes": "notes, note, comment, comments, remarks, notizen, bemerkung, bemerkungen, kommentar, заметки, примечание"
    ", примечания, комментарий, remarques, commentaire",
    "uid": "uid",
    "tags": "tags, tag, categories, category, groups, kategorien, kategorie, gruppen, теги, категории, категория"
    ", группы, catégories, étiquettes",
    "labels": "labels, group membership",
}
# What is left beside these must say which one it is (work, home, 2) or nothing (address, number).
_SLOT_NAMES: dict[SlotField, str] = {
    "email": "e mail, email, mail, courriel, почта, эл почта, электронная почта, имеил, емейл",
    "phone": "phone, telephone, telefon, telefonnummer, tel, mobile, mobil, mobiltelefon, mobilnummer, handy, cell"
    ", cell phone, fax, telefax, pager, телефон, тел, мобильный, моб, факс, téléphone, portable, gsm",
    "website": "website, web site, web page, webpage, web, url, homepage, webseite, internet, internetseite, сайт"
    ", веб сайт, site web",
    "street": "street, street address, address line, strasse, str, po box, postfach, улица, rue, hausnummer, дом улица",
    "postcode": "postal code, postcode, zip, zip code, postleitzahl, plz, индекс, почтовый индекс, code postal",
    "city": "city, town, ort, stadt, город, ville",
    "region": "state, region, province, bundesland, bundesland kanton, область, регион, край, état",
    "country": "country, country region, land, land region, страна, страна регион, pays",
    "address": "address, anschrift, adresse, postal address, адрес",
}
_NEUTRAL = frozenset({"address", "adresse", "адрес", "number", "nummer", "номер", "main", "primary", "haupt", "and"})
_GOOGLE = re.compile(r"(e mail|phone|address|website) ([1-9][0-9]?) (.+)", re.ASCII)
_GOOGLE_PARTS: dict[str, dict[str, SlotField]] = {
    "e mail": {"value": "email", "label": "email_label", "type": "email_label"},
    "phone": {"value": "phone", "label": "phone_label", "type": "phone_label"},
    "website": {"value": "website"},
    "address": {
        "formatted": "address",
        "label": "address_label",
        "type": "address_label",
        "street": "street",
        "po box": "street",
        "extended address": "street",
        "city": "city",
        "region": "region",
        "postal code": "postcode",
        "country": "country",
    },
}


def guess_targets(columns: tuple[str, ...]) -> tuple[Target | None, ...]:
    """Return what each column holds; of several for the same single field the first is taken."""
    headers = [fold(column) for column in columns]
    # Outlook has the position beside its "Title", which is the form of address.
    titled = {"job title", "position", "funktion"} & set(headers)
    taken: set[str] = set()
    targets: list[Target | None] = []
    for header in headers:
        target = Target("prefix") if header in {"title", "titel"} and titled else _guess(header)
        if target is not None and target.field in SINGLE:
            if target.field in taken:
                target = None
            else:
                taken.add(target.field)
        targets.append(target)
    return tuple(targets)


def _guess(header: str) -> Target | None:
    if found := _GOOGLE.fullmatch(header):
        field = _GOOGLE_PARTS[found[1]].get(found[3])
        if field is not None:
            return Target(field, slot=int(found[2]))
    single = _single_names().get(header)
    return _slotted(header) if single is None else Target(single)


def _slotted(header: str) -> Target | None:
    """Return the field whose name stands in the header, when the words beside it say nothing else."""
    words = header.split()
    for phrase, field in _slot_names():
        size = len(phrase)
        places = (place for place in range(len(words) - size + 1) if tuple(words[place : place + size]) == phrase)
        place = next(places, None)
        if place is None:
            continue
        beside = [*words[:place], *words[place + size :]]
        if all(map(_is_plain, beside)):
            return _target(field, words, beside)
    return None


def _target(field: SlotField, words: list[str], beside: list[str]) -> Target:
    slot = next((int(word) for word in beside if word.isdecimal()), 1)
    kind = phone_kind(words) if field == "phone" else place_kind(beside)
    if field == "street":
        # "Street 2" and "Address line 2" go on with the same address.
        slot = 1
    return Target(field, "" if kind == "other" and "other" not in beside else kind, max(slot, 1))


def _is_plain(word: str) -> bool:
    is_number = word.isdecimal() and len(word) <= 2
    return is_number or word in _NEUTRAL or word == "other" or phone_kind([word]) != "other"


@lru_cache
def _single_names() -> dict[str, SingleField]:
    return {fold(name): field for field, names in _SINGLE_NAMES.items() for name in names.split(",")}


@lru_cache
def _slot_names() -> list[tuple[tuple[str, ...], SlotField]]:
    """Return the phrases as words, the longest first."""
    phrases = [(tuple(fold(name).split()), field) for field, names in _SLOT_NAMES.items() for name in names.split(",")]
    return sorted(phrases, key=lambda phrase: -len(phrase[0]))

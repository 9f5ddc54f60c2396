"""Folded words, by which headers and labels are compared whatever their case, accents and signs."""

import unicodedata


def fold(text: str) -> str:
    """Return the words of a text in lower case, without accents and signs: `Prénom_(Straße)` is `prenom strasse`."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in kept).split())

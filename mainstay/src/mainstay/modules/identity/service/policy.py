"""Which passwords are accepted. The web app's meter says the same: `password_vectors.json` holds both to it.

No kind of character is demanded or forbidden unless a setting says so (NIST SP 800-63B-4, ASVS 5.0 6.2.5), and length
counts characters (code points).
"""

import unicodedata
from dataclasses import dataclass

from mainstay.errors import FieldProblem
from mainstay.modules.identity.errors import PasswordRefused
from mainstay.modules.identity.repository import factors
from mainstay.modules.identity.service import breached
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.work import UnitOfWork

MAX_LENGTH = 128
MIN_DISTINCT = 5
# Of what is left when a repeated part is counted once, and runs such as `aaa` and `4567` as one character each.
MIN_VARIED = 8
# Shorter parts of a name are found in ordinary sentences too.
MIN_OWN_PART = 4
# From how many varied characters on a password is fair, good and strong; a refused one has no strength.
STRENGTHS = (1, 17, 22)

MESSAGES = {
    "too_short": "Use at least {least} characters; a few words that do not belong together are good.",
    "too_long": f"Use at most {MAX_LENGTH} characters.",
    "needs_mix": "Use at least one capital letter and one digit.",
    "too_simple": "This repeats itself or only counts on; use a few words that do not belong together.",
    "holds_own_words": "Leave names and e-mail addresses out of the password: yours, the business's and the program's.",
    "too_common": "This password is among those that were stolen elsewhere and are tried first; choose another one.",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """What is demanded of a password: a least length in characters and, by the classic rule, a mix of characters."""

    least: int = 15
    needs_mix: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A password that somebody with a `role` wants; `own` are their name and e-mail."""

    password: str
    role: str
    own: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a password (a code, None when it is accepted), and its strength from 0 (refused) to 3."""

    problem: str | None
    strength: int


async def rules_for(uow: UnitOfWork, role: str) -> Rules:
    """Return what is demanded of the passwords of a role: a shorter one does where everybody has a second factor."""
    settings = uow.setup.settings.of(IdentitySettings)
    least = settings.password_min_with_factor if await factors.is_required(uow, role) else settings.password_min
    return Rules(least, settings.password_needs_mix)


async def demand(uow: UnitOfWork, candidate: Candidate) -> None:
    """Raise PasswordRefused, which says why, unless the password is accepted."""
    rules = await rules_for(uow, candidate.role)
    problem = (await judge(uow, candidate)).problem
    if problem is not None:
        message = MESSAGES[problem].format(least=rules.least)
        raise PasswordRefused(message, errors=[FieldProblem("password", problem, message)])


async def judge(uow: UnitOfWork, candidate: Candidate) -> Verdict:
    """Return the verdict on a password, the list of stolen ones and the names of business and program included."""
    password = candidate.password
    rules = await rules_for(uow, candidate.role)
    problem = problem_of(password, rules, candidate.own)
    if problem is None and holds_name(password, await uow.setup.names(uow)):
        problem = "holds_own_words"
    if problem is None and breached.is_known(password):
        problem = "too_common"
    return Verdict(problem, strength_of(password) if problem is None else 0)


def problem_of(password: str, rules: Rules, own: tuple[str, ...] = ()) -> str | None:
    """Return the code of what can be seen to be wrong with a password, or None."""
    plain = _plain(password)
    if len(password) < rules.least:
        return "too_short"
    if len(password) > MAX_LENGTH:
        return "too_long"
    if rules.needs_mix and not {"Lu", "Nd"} <= {unicodedata.category(character) for character in password}:
        return "needs_mix"
    if len(set(plain)) < MIN_DISTINCT or varied(plain) < MIN_VARIED:
        return "too_simple"
    return "holds_own_words" if any(part in plain for part in _parts(own)) else None


def strength_of(password: str) -> int:
    """Return the strength of an accepted password: 1 is fair, 2 good, 3 strong."""
    count = varied(_plain(password))
    return sum(count >= least for least in STRENGTHS)


def varied(text: str) -> int:
    """Count the characters of the part that `text` repeats, without those that stay or count on from the one before."""
    part = _repeated_part(text)
    return sum(index == 0 or abs(ord(part[index]) - ord(part[index - 1])) > 1 for index in range(len(part)))


def _repeated_part(text: str) -> str:
    """Return the shortest part of which `text` is a repetition, perhaps with a piece of it at the end, or `text`."""
    sizes = range(1, len(text) // 2 + 1)
    return next((text[:size] for size in sizes if text[size:] == text[:-size]), text)


def holds_name(password: str, names: tuple[str, ...]) -> bool:
    """Whether a password holds one of `names` as a whole, however it is spaced and whatever is put between."""
    letters = _letters(password)
    return any(name in letters for name in map(_letters, names) if len(name) >= MIN_OWN_PART)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, _plain(text)))


def _parts(own: tuple[str, ...]) -> set[str]:
    """Return the words of names and e-mail addresses that a password must not hold."""
    words = {word for text in own for word in _plain(text).replace("@", " ").replace(".", " ").split()}
    return {word for word in words if len(word) >= MIN_OWN_PART}

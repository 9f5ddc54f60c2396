"""Which passwords are accepted: long ones of any kind are, guessable ones are not; the web app says the same."""

import json
from pathlib import Path

import pytest

from mainstay.modules.identity.errors import PasswordRefused
from mainstay.modules.identity.service import factors, policy
from mainstay.modules.identity.service.policy import Candidate, Rules, Verdict, demand, judge, problem_of, strength_of
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.settings import Configuration
from mainstay.setup import Names, Setup
from mainstay.work import ANONYMOUS, SYSTEM, UnitOfWork, WorkOpener

OWN = ("Ada Lovelace", "ada.byron@engine.example")
VECTORS = Path(policy.__file__).parents[1] / "password_vectors.json"

GOOD = [
    "three quiet green trains",
    "вечером тихо идёт снег",
    "        spaces        ok!",
    "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🐤🦆",
    "k7w2z9q4m1x8v3b",
    "k7#mQ2!vX9@pL4$wZ8" * 7,
]


def opener(open_work: WorkOpener, **changes: int) -> WorkOpener:
    """The same opener with other settings of identity, for a program and a shop with names."""

    async def shop(_: UnitOfWork) -> tuple[str, ...]:
        return ("Camomile & Sons", "Tea")

    settings = Configuration([IdentitySettings().model_copy(update=changes)])
    names = Names(("doorkeeper", "Doorkeeper"), (shop,))
    return WorkOpener(open_work.engine, open_work.subscriptions, setup=Setup(settings, names=names))


async def verdict(open_work: WorkOpener, password: str, role: str = "owner", **changes: int) -> Verdict:
    async with opener(open_work, **changes)(ANONYMOUS) as uow:
        return await judge(uow, Candidate(password, role, OWN))


@pytest.mark.parametrize("password", GOOD)
async def test_a_long_password_of_any_characters_is_accepted(open_work: WorkOpener, password: str) -> None:
    """ASVS 5.0 6.2.5: no kind of character is demanded or forbidden."""
    assert (await verdict(open_work, password)).problem is None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Sh0rt!Sh0rt!aZ", "too_short"),
        ("", "too_short"),
        ("🦊" * 14, "too_short"),
        ("abcdefgh" * 17, "too_long"),
        ("aaaaaaaaaaaaaaaaaaaa", "too_simple"),
        ("abababababababab", "too_simple"),
        ("121212343412121234", "too_simple"),
        ("abcdefghijklmnopqrstuvw", "too_simple"),
        ("dragondragondragondrag", "too_simple"),
        ("passwordpassword", "too_simple"),
        ("i am ada lovelace!", "holds_own_words"),
        ("LOVELACE forever and ever", "holds_own_words"),
        ("my engine runs on steam", "holds_own_words"),
        ("byron wrote a long poem", "holds_own_words"),
        ("the DOORkeeper sleeps well", "holds_own_words"),
        ("2 x camomile&sons, please", "holds_own_words"),
        ("Camomile + sons 4 ever", "holds_own_words"),
        ("QWERTYUIOPASDFGHJKL", "too_common"),
        (" Qwerty123456qwerty ", "too_common"),
        ("correct horse battery staple", "too_common"),
        ("йцукенгшщзхъфыва", "too_common"),
    ],
)
async def test_a_guessable_password_is_refused_with_its_reason(open_work: WorkOpener, password: str, code: str) -> None:
    async with opener(open_work)(ANONYMOUS) as uow:
        with pytest.raises(PasswordRefused) as refusal:
            await demand(uow, Candidate(password, "owner", OWN))

    assert [(problem.field, problem.code) for problem in refusal.value.errors] == [("password", code)]
    assert refusal.value.status == 422
    assert not password or password not in refusal.value.detail


def test_length_is_counted_in_characters_up_to_both_limits() -> None:
    mixed = ("k7#mQ2!vX9@pL4$wZ8" * 8)[:128]
    assert len(mixed) == 128
    assert [problem_of(mixed[:length], Rules()) for length in (14, 15, 128)] == ["too_short", None, None]
    assert problem_of(f"{mixed}!", Rules()) == "too_long"


async def test_short_parts_of_a_name_and_short_names_may_occur(open_work: WorkOpener) -> None:
    async with opener(open_work)(ANONYMOUS) as uow:
        own = ("Ada Li", "ada@li.io")
        assert (await judge(uow, Candidate("ada likes tea after walks", "owner", own))).problem is None


async def test_the_least_length_is_a_setting(open_work: WorkOpener) -> None:
    assert (await verdict(open_work, "twelve chars")).problem == "too_short"
    assert (await verdict(open_work, "twelve chars", password_min=12)).problem is None


async def test_where_a_second_factor_is_demanded_twelve_characters_do(
    open_work: WorkOpener,
) -> None:
    async with open_work(SYSTEM) as uow:
        await factors.set_roles_in_need(uow, 0, ["owner"])

    assert (await verdict(open_work, "twelve chars", "owner")).problem is None
    assert (await verdict(open_work, "eleven char", "owner")).problem == "too_short"
    assert (await verdict(open_work, "twelve chars", "cashier")).problem == "too_short"


async def test_the_classic_rule_is_off_and_can_be_turned_on(open_work: WorkOpener) -> None:
    """“Password1234” passes the classic rule, and is still refused."""
    assert (await verdict(open_work, "quiet trains go far")).problem is None

    async def classic(password: str) -> str | None:
        return (await verdict(open_work, password, password_needs_mix=True, password_min=12)).problem

    assert await classic("quiet trains go far") == "needs_mix"
    assert await classic("Quiet trains go far") == "needs_mix"
    assert await classic("Quiet trains go 7 far") is None
    assert await classic("Password1234") == "too_common"


def test_strength_grows_with_what_varies() -> None:
    assert [strength_of(each) for each in ("quiet trains 42", "three quiet trains", "three quiet green trains!")] == [
        1,
        2,
        3,
    ]


async def test_a_refused_password_has_no_strength(open_work: WorkOpener) -> None:
    assert await verdict(open_work, "correct horse battery staple") == Verdict("too_common", 0)


@pytest.mark.parametrize("vector", json.loads(VECTORS.read_text(encoding="utf-8")))
def test_the_vectors_that_the_web_app_is_held_to(vector: dict[str, object]) -> None:
    password, own, rules = str(vector["text"]), vector["own"], vector["rules"]
    assert isinstance(own, list)
    assert isinstance(rules, dict)

    problem = problem_of(password, Rules(rules["min_length"], rules["needs_mix"]), tuple(own))

    assert problem == vector["problem"]
    assert (0 if problem else strength_of(password)) == vector["strength"]

"""What looks like a secret or like somebody's data is taken out of a text, and what only looks a little so is not."""

import json
from collections.abc import Callable
from string import ascii_letters, digits
from time import thread_time

import pytest

from mainstay import crypto
from mainstay.observe.patterns import MOST_TEXT, REDACTED, cleaned, is_card

X = REDACTED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bearer abc.def", f"Bearer {X}"),
        ("Authorization: Bearer hush", f"Authorization: {X}"),
        ("sent Basic dXNlcjpwdw== away", f"sent Basic {X} away"),
        ("(b'authorization', b'Bearer hush')", f"(b'authorization', b'{X}')"),
        ("Cookie: a=hush; b=hush\nHost: x", f"Cookie: {X}\nHost: x"),
        ("Set-Cookie: a=hush; Path=/", f"Set-Cookie: {X}"),
        ("(b'cookie', b'a=hush; b=hush'), (b'host', b'x')", f"(b'cookie', b'{X}'), (b'host', b'x')"),
        ("X-Api-Key: hush", f"X-Api-Key: {X}"),
        ("GET /links?token=hush&page=2", f"GET /links?token={X}&page=2"),
        ("/x?page=2&key=hush&code=123456", f"/x?page=2&key={X}&code={X}"),
        ("/x?next=%2Fy%3Ftoken%3Dhush", f"/x?next=%2Fy%3Ftoken%3D{X}"),
        ("postgresql://shop:hu/s@h@db:5432/shop", f"postgresql://{X}@db:5432/shop"),
        ("redis://:hush@cache/0", f"redis://{X}@cache/0"),
        ("https://hush@errors.example/7", f"https://{X}@errors.example/7"),
        ("host=db password=hush dbname=shop", f"host=db password={X} dbname=shop"),
        ("{'password': 'hu\\'sh', 'a': 1}", f"{{'password': '{X}', 'a': 1}}"),
        ('{"token":"hush","a":1}', f'{{"token":"{X}","a":1}}'),
        ('"{\\"token\\":\\"hush\\",\\"a\\":1}"', f'"{{\\"token\\":\\"{X}\\",\\"a\\":1}}"'),
        ("pin=4711, pwd: hush", f"pin={X}, pwd: {X}"),
        ("mail to ada.l+x@shop.example.", f"mail to {X}."),
        ("GET /people?q=ada%40shop.example", f"GET /people?q={X}"),
        ("имя@пример.рф", X),
        ("KeyError: 'ada@shop.example'", f"KeyError: '{X}'"),
        ("card 4111111111111111.", f"card {X}."),
        ("4111 1111 1111 1111, 3782-822463-10005", f"{X}, {X}"),
        ("/cards/5555555555554444", f"/cards/{X}"),
        ("/cards/4222222222222", f"/cards/{X}"),
        ("to DE89 3704 0044 0532 0130 00 EUR 5", f"to {X} EUR 5"),
        ("AT611904300234573201 PAID", f"{X} PAID"),
        ("AT61 1904 3002 3457 3201 PAID", f"{X} PAID"),
        ("call +4930123456789 or +1 (555) 010-9999", f"call {X} or {X}"),
        ("/contacts?phone=%2B4930123456789", f"/contacts?phone={X}"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2ln", X),  # pragma: allowlist secret
        ("-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----\n", f"{X}\n"),  # pragma: allowlist secret
        (
            "DETAIL:  Key (lower(name), store)=(Ada (x), 7) already exists.",
            f"DETAIL:  Key (lower(name), store)=({X}) already exists.",
        ),
        ("Failing row contains (1, Ada,\nnull).\nHINT: no", f"Failing row contains ({X}).\nHINT: no"),
        ('invalid input syntax for type uuid: "Ada"', f'invalid input syntax for type uuid: "{X}"'),
        ("[type=int, input_value={'a': 'Ada'}, input_type=dict]", f"[type=int, input_value={X}, input_type=dict]"),
        ("InvalidTokenError: wrong is token=hush", f"InvalidTokenError: wrong is token={X}"),
    ],
)
def test_what_is_nobodys_business_is_taken_out(text: str, expected: str) -> None:
    assert cleaned(text) == expected
    assert cleaned(expected) == expected, "and once is enough"


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(crypto.new_token, id="a session, a link"),
        pytest.param(lambda: f"rt_{crypto.new_token()}", id="a refresh token"),
        pytest.param(lambda: f"tp_{crypto.new_text(ascii_letters + digits, 49)}", id="an API key"),
        pytest.param(lambda: crypto.new_token(48), id="a secret key"),
        pytest.param(lambda: crypto.sign(b"key", "purpose", crypto.new_token()), id="a signature"),
    ],
)
def test_our_own_tokens_are_known_wherever_they_stand(made: Callable[[], str]) -> None:
    for _ in range(50):
        token = made()
        for text in (token, f"/reset#{token}", f"KeyError: '{token}'", f"a.{token}, and more"):
            assert token not in cleaned(text)


UNCHANGED = [
    "/api/v1/pos/sales/01890a5d-ac96-774b-bcce-b302099a8057/lines",
    "/api/v1/pos/find/by-code/4006381333931",
    "/assets/index-Dso6rID0.js",
    "sale 01890a5d-ac96-774b-bcce-411111111111 of 41111111-1111-1111-8111-411111111111",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "sha256:4111111111111111411111111111111141111111111111114111111111111111",
    "trace 41111111111111114111111111111111",
    "request Y2Fmw6kgYXUgbGFpdA, job-01890a5dac96774bbcceb302099a8057",
    "tradepost@1.4.0 on tradepost-20261130T114035Z-01890a5dac96774bbcceb302099a8057.tar",
    "2026-11-30T11:40:35.123456Z, 2026-11-30 11:40:35+02:00, Mon, 30 Nov 2026 11:40:35 +1000",
    "1796038835123 ms, 1796038835123456 us, 1796038835123456789 ns",
    "0/16B3748, position 4111111111, page 12 of 30, +12345678, -4111111111111111.25, 0.4111111111111111",
    "order 4111 1111 1111 1112, 4111-1111-1111-1112",
    "AT61 1904 3002 3457 3202 NOBODY",
    "/api/v1/pos/find/by-code/4006381300063",
    "4006381300063, 4006381333931, 00012345678905, 9780306406157",
    "x4111111111111111, 4111111111111111b, 4111-1111-4111-8111-411111111111",
    "pid=4711 port=8000 10.0.0.1:8000 [::1]:8000 http://127.0.0.1:8000/health/ready",
    "m0026, t0020, v1.2.3, PostgreSQL 18.1 ended unasked with -9; it is started again in 1.0 s",
    "the secret key is too weak, a bearer token is missing, basic settings, cookies and passwords",
    "jwt.exceptions.InvalidTokenError: Signature has expired",
    'File "/srv/tradepost/src/tradepost/pos/service/sales.py", line 411, in sell',
    "SELECT id FROM identity_session WHERE token_digest = $1 AND csrf=%s LIMIT 20",
    "duplicate key value violates unique constraint 'identity_person_email_key'",
    "test_a_planted_leak_is_found_in_each_of_the_three_places",
    "RefusedBecauseSomethingThatHasAVeryLongNameHappened",
    "token=None, password: null",
]


@pytest.mark.parametrize("text", UNCHANGED)
def test_ids_hashes_versions_moments_and_counts_stay_whole(text: str) -> None:
    assert cleaned(text) == text


def test_a_long_text_is_told_by_its_beginning_and_its_end() -> None:
    told = cleaned("begun " + "word " * MOST_TEXT + "password=hush ended")

    assert len(told) <= MOST_TEXT + 10
    assert told.startswith("begun word")
    assert told.endswith(f"password={X} ended")


@pytest.mark.parametrize(("begin", "end"), [("", ""), ("begun", ""), ("", "ended")])
def test_a_long_text_that_begins_or_ends_with_nothing_is_told_too(begin: str, end: str) -> None:
    """Red when each half is taken for words: whoever wrote such a line to the log got an IndexError."""
    assert cleaned(begin + " " * 2 * MOST_TEXT + end) == f"{begin} … {end}"


@pytest.mark.parametrize(
    "piece",
    [
        *("a", "a.", "a@", "@a.", "//", "//a:", "eyJ", "token", "token=", "a: ", "bearer "),
        *("1", "1 ", "4111-", "+1", "A1", "AA11 ", "Key (", "Failing row contains (", "\\'"),
    ],
)
def test_the_time_grows_with_the_text_and_not_with_its_square(piece: str) -> None:
    """Times of one run are compared: of 16 times the text, 256 times as long would be the square."""

    def seconds(length: int) -> float:
        text = f"é {piece * (length // len(piece))}"
        times = []
        for _ in range(3):
            began = thread_time()
            cleaned(text)
            times.append(thread_time() - began)
        return min(times)

    assert seconds(48_000) < 80 * seconds(3_000)


def test_a_card_has_an_issuers_first_digits_and_a_check_digit() -> None:
    cards = ["4111111111111111", "378282246310005", "5555555555554444", "30569309025904", "2200000000000004"]

    assert all(map(is_card, cards))
    assert not any(is_card(f"{card[:-1]}{(int(card[-1]) + 1) % 10}") for card in cards)
    assert not is_card("1796038835123455"), "a moment"


def test_what_is_taken_out_leaves_json_whole() -> None:
    text = json.dumps({"token": 'a"b', "mail": "ada@shop.example", "n": 1})

    assert json.loads(cleaned(text)) == {"token": X, "mail": X, "n": 1}

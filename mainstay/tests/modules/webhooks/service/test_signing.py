"""Signatures as the standard's own example has them."""

from datetime import UTC, datetime

from mainstay.modules.webhooks.service import signing

# From the reference libraries of Standard Webhooks.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # pragma: allowlist secret
MESSAGE, MOMENT = "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC)  # pragma: allowlist secret
BODY = b'{"test": 2432232314}'
EXPECTED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="  # pragma: allowlist secret


def secret() -> bytes:
    found = signing.decoded(SECRET)
    assert found is not None
    return found


def test_the_example_of_the_standard_is_signed_as_it_says() -> None:
    assert signing.signature(secret(), MESSAGE, MOMENT, BODY) == EXPECTED


def test_any_of_several_signatures_will_do_and_another_body_or_secret_will_not() -> None:
    expected = [signing.signature(secret(), MESSAGE, MOMENT, BODY)]
    assert signing.is_signed(f"v1,Zm9v {EXPECTED} v2,Zm9v", expected)
    assert not signing.is_signed("v1,Zm9v", expected)
    assert not signing.is_signed("", expected)
    assert not signing.is_signed(" ".join(["v1,Zm9v"] * signing.MOST_SIGNATURES + [EXPECTED]), expected)
    assert not signing.is_signed(EXPECTED, [signing.signature(b"another secret", MESSAGE, MOMENT, BODY)])


def test_a_secret_is_long_random_and_can_be_read_back() -> None:
    made = signing.new_secret()
    assert len(made) >= 24
    assert signing.decoded(signing.shown(made)) == made
    assert signing.decoded("whsec_not base64!") is None

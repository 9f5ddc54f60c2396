"""Answers are compressed when they are large, and not sent to whoever has them; on a running program, byte by byte."""

import gzip
import json
import re
from collections.abc import Callable

import brotli
import httpx2
import pytest
import zstandard

from mainstay.testing.client import Client

UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "zstd": zstandard.decompress,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}
SENDINGS = "/api/v1/sendings"


async def sent(client: Client, path: str, **headers: str) -> tuple[httpx2.Response, bytes]:
    """Return an answer and its body as it came over the wire."""
    lines = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.stream("GET", path, headers={"accept-encoding": "", **lines}) as reply:
        return reply, b"".join([part async for part in reply.aiter_raw()])


@pytest.mark.practice(73)
@pytest.mark.parametrize("encoding", ["zstd", "br", "gzip"])
@pytest.mark.parametrize("count", [200, 5000])  # the second is packed in a thread
async def test_large_json_shrinks_and_decodes_to_the_same(owner: Client, encoding: str, count: int) -> None:
    plain, body = await sent(owner, f"{SENDINGS}/lines?count={count}")

    reply, packed = await sent(owner, f"{SENDINGS}/lines?count={count}", accept_encoding=encoding)

    assert "content-encoding" not in plain.headers
    assert len(json.loads(body)) == count
    assert reply.headers["content-encoding"] == encoding
    assert reply.headers["content-type"] == plain.headers["content-type"] == "application/json"
    assert int(reply.headers["content-length"]) == len(packed) < len(body) / 5
    assert UNPACK[encoding](packed) == body


@pytest.mark.practice(73)
async def test_tiny_and_streamed_replies_are_sent_as_they_are(owner: Client) -> None:
    every = "gzip, deflate, br, zstd"
    tiny, tiny_body = await sent(owner, f"{SENDINGS}/lines?count=2", accept_encoding=every)
    flow, flow_body = await sent(owner, f"{SENDINGS}/flow?count=2000", accept_encoding=every)
    ticks, ticks_body = await sent(owner, "/api/v1/trouble/ticks?count=3&pause=0", accept_encoding=every)

    assert {each.headers.get("content-encoding") for each in (tiny, flow, ticks)} == {None}
    assert [line["number"] for line in json.loads(tiny_body)] == [0, 1]
    assert int(tiny.headers["content-length"]) == len(tiny_body)
    assert json.loads(flow_body) == [f"Line {number}" for number in range(2000)]
    assert ticks_body.count(b"event: tick") == 3
    assert not any("etag" in each.headers for each in (flow, ticks))


async def test_a_reply_that_breaks_off_is_seen_to_break_off(owner: Client) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        await sent(owner, "/api/v1/trouble/half", accept_encoding="gzip, br, zstd")


@pytest.mark.parametrize("encoding", ["", "zstd", "br", "gzip"])
@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
async def test_whoever_has_the_answer_is_not_sent_it_again(owner: Client, encoding: str, form: str) -> None:
    path = f"{SENDINGS}/lines?count=300"
    first, _ = await sent(owner, path, accept_encoding=encoding)

    again, body = await sent(owner, path, accept_encoding=encoding, if_none_match=form.format(first.headers["etag"]))

    assert (again.status_code, body) == (304, b"")
    assert "content-type" not in again.headers
    for name in ("etag", "cache-control", "vary"):
        assert again.headers.get_list(name) == first.headers.get_list(name)
    assert first.headers["cache-control"] == "no-store"
    assert first.headers["vary"] == "Accept-Encoding, Authorization, Cookie"
    assert again.headers["x-content-type-options"] == "nosniff"


async def test_browsers_keep_nothing_of_a_session_and_callers_without_cookies_may(owner: Client, api: Client) -> None:
    path = "/api/v1/trouble/orm?statement=SELECT 'the same'"
    mine, _ = await sent(owner, path)
    theirs, _ = await sent(api, path)
    tag = theirs.headers["etag"]
    again = [(await sent(each, path, if_none_match=tag))[0] for each in (owner, api)]

    assert [each.headers.get_list("cache-control") for each in (mine, *again)] == [
        ["no-store"],
        ["no-store"],
        ["private, no-cache"],
    ]
    assert theirs.headers.get_list("cache-control") == ["private, no-cache"]
    assert [each.status_code for each in again] == [304, 304]


async def test_each_form_has_a_strong_tag_of_its_own(owner: Client) -> None:
    path = f"{SENDINGS}/lines?count=300"
    replies = [(await sent(owner, path, accept_encoding=each))[0] for each in ("", "zstd", "br", "gzip")]

    tags = {reply.headers["etag"] for reply in replies}
    assert len(tags) == 4
    # 128 bits, so that nobody can make two answers with one tag.
    assert all(re.fullmatch(r'"[0-9a-f]{32}(-\w+)?"', tag) for tag in tags)


async def test_the_form_that_is_asked_for_is_the_one_that_must_be_known(owner: Client) -> None:
    path = f"{SENDINGS}/lines?count=300"
    packed, _ = await sent(owner, path, accept_encoding="gzip")

    plain, body = await sent(owner, path, if_none_match=packed.headers["etag"])

    assert (plain.status_code, len(json.loads(body))) == (200, 300)


async def test_a_changed_answer_is_sent(owner: Client) -> None:
    first, _ = await sent(owner, f"{SENDINGS}/lines?count=300")

    second, body = await sent(owner, f"{SENDINGS}/lines?count=301", if_none_match=first.headers["etag"])

    assert (second.status_code, len(json.loads(body))) == (200, 301)


async def test_nobody_is_told_that_what_another_has_is_theirs(owner: Client, cashier: Client, api: Client) -> None:
    path = f"{SENDINGS}/lines?count=300"
    mine, _ = await sent(owner, path)

    other, body = await sent(cashier, path, if_none_match=mine.headers["etag"])
    nobody, problem = await sent(api, path, if_none_match=mine.headers["etag"])
    all_known, _ = await sent(api, path, if_none_match="*")

    assert (other.status_code, {line["whose"] for line in json.loads(body)}) == (200, {"Cashier"})
    assert other.headers["etag"] != mine.headers["etag"]
    assert (nobody.status_code, json.loads(problem)["code"]) == (401, "identity.not_signed_in")
    assert nobody.headers["cache-control"] == "no-store"
    assert all_known.status_code == 401


@pytest.mark.parametrize("path", ["/secret?count=300", "/cookie?count=300"])
async def test_what_nobody_may_keep_has_no_tag_and_is_not_packed(owner: Client, path: str) -> None:
    reply, body = await sent(owner, SENDINGS + path, accept_encoding="zstd, br, gzip", if_none_match="*")

    assert (reply.status_code, len(json.loads(body))) == (200, 300)
    assert reply.headers["cache-control"] == "no-store"
    assert not {"etag", "content-encoding"} & set(reply.headers)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cache-control", "no-store"),
        ("content-disposition", "attachment"),
        ("content-encoding", "identity"),
        ("etag", '"my own"'),
    ],
)
async def test_an_answer_with_a_way_of_its_own_keeps_it(owner: Client, name: str, value: str) -> None:
    path = f"{SENDINGS}/own-way?name={name}&value={value}"
    reply, body = await sent(owner, path, accept_encoding="gzip", if_none_match="*")

    assert (reply.status_code, json.loads(body)) == (200, ["x" * 2000])
    assert reply.headers[name] == value
    assert reply.headers["cache-control"] == "no-store"


async def test_answers_to_writes_errors_and_other_addresses_are_left_alone(owner: Client) -> None:
    path = f"{SENDINGS}/lines?count=300"
    written = await owner.post(path, headers={"Accept-Encoding": "gzip", "If-None-Match": "*"})
    missing = await owner.get("/api/v1/nothing", headers={"If-None-Match": "*"})
    live = await owner.get("/health/live", headers={"If-None-Match": "*"})

    assert [each.status_code for each in (written, missing, live)] == [200, 404, 200]
    assert {each.headers["cache-control"] for each in (written, missing, live)} == {"no-store"}
    assert not any({"etag", "content-encoding"} & set(each.headers) for each in (written, missing, live))

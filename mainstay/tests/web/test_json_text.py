"""A reply of JSON text is sent as any other JSON is."""

from starlette.responses import Response

from mainstay.web.json_text import JsonText


def test_it_is_the_reply_that_the_framework_would_make() -> None:
    text = '{"name":"Crème \\u20ac"}'
    plain = Response(text, media_type="application/json")

    reply = JsonText(text)

    assert reply.body == plain.body
    assert sorted(reply.raw_headers) == sorted(plain.raw_headers)
    assert (reply.status_code, reply.background) == (plain.status_code, plain.background)
    assert reply.headers["content-type"] == "application/json"

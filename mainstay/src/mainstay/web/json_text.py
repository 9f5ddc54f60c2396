"""Replies whose JSON is ready already, as where the database has put it together."""

from fastapi import Response


class JsonText(Response):
    """A reply of JSON text; the route names the model that the text has the shape of (`response_model`)."""

    # What the framework finds out for any reply is known here, and this is on hot paths.
    def __init__(self, text: str) -> None:
        self.status_code = 200
        self.background = None
        self.body = text.encode()
        self.raw_headers = [(b"content-length", str(len(self.body)).encode()), (b"content-type", b"application/json")]

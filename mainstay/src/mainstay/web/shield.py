"""The error shield: whatever is raised becomes a problem document, and what nobody foresaw goes into the log."""

import asyncio
from contextlib import suppress

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay.errors import DomainError
from mainstay.web.errors import BodyTooSlow, InternalError
from mainstay.web.failures import problem_of
from mainstay.web.head import has_body
from mainstay.web.place import place_of, told_path
from mainstay.web.problems import ProblemReply

LINGER_BYTES = 64 * 1024 * 1024
LINGER_SECONDS = 10.0

logger = structlog.stdlib.get_logger(__name__)


class ErrorShield:
    """Answers every exception; no caller ever sees a trace."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request.

        When something goes wrong in the middle of a reply, the reply is left unfinished: the server then breaks the
        connection, which alone tells the caller that the rest is missing. Only a body is waited for: what has none is
        counted and logged before its caller can ask again.
        """
        is_started, is_read = False, not has_body(scope)

        async def send_watched(message: Message) -> None:
            nonlocal is_started
            is_started = True
            await send(message)

        async def receive_watched() -> Message:
            nonlocal is_read
            message = await receive()
            is_read = not message.get("more_body", False)
            return message

        try:
            await self._app(scope, receive_watched, send_watched)
        except ClientDisconnect:
            logger.info("the caller went away", path=told_path(scope))
        except Exception as failure:  # noqa: BLE001  the last line of defence, and it swallows nothing
            problem = problem_of(failure)
            _log(problem, failure, scope)
            if not is_started:
                await ProblemReply(problem)(scope, receive, send)
                if not is_read and not isinstance(problem, BodyTooSlow):
                    await linger(receive)


async def linger(receive: Receive) -> None:
    """Read what is left of a body that was refused, for a while: closing at once would lose the reply.

    A sender who is still sending when the connection is closed gets a reset instead of what was said before it
    (RFC 9112, 9.6).
    """
    left = LINGER_BYTES
    with suppress(TimeoutError):  # that was long enough; whoever sends more loses the reply
        async with asyncio.timeout(LINGER_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return


def _log(problem: DomainError, failure: Exception, scope: Scope) -> None:
    if isinstance(problem, InternalError):
        logger.error("unhandled error", method=scope["method"], route=place_of(scope).route, exc_info=failure)
    elif problem.status >= 500:
        cause = failure.__cause__ or failure
        logger.warning("refused for now", code=problem.code, reason=repr(cause)[:500])

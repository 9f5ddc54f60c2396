"""The error shield: whatever is raised becomes a problem document, and what nobody foresaw goes into the log."""

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mainstay.errors import DomainError
from mainstay.web.errors import InternalError
from mainstay.web.failures import problem_of
from mainstay.web.problems import ProblemReply

logger = structlog.stdlib.get_logger(__name__)


class ErrorShield:
    """Answers every exception; no caller ever sees a trace."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request.

        When something goes wrong in the middle of a reply, the reply is left unfinished: the server then breaks the
        connection, which alone tells the caller that the rest is missing.
        """
        is_started = False

        async def send_watched(message: Message) -> None:
            nonlocal is_started
            is_started = True
            await send(message)

        try:
            await self._app(scope, receive, send_watched)
        except Exception as failure:  # noqa: BLE001  the last line of defence, and it swallows nothing
            problem = problem_of(failure)
            _log(problem, failure)
            if not is_started:
                await ProblemReply(problem)(scope, receive, send)


def _log(problem: DomainError, failure: Exception) -> None:
    if isinstance(problem, InternalError):
        logger.error("unhandled error", exc_info=failure)
    elif problem.status >= 500:
        cause = failure.__cause__ or failure
        logger.warning("refused for now", code=problem.code, reason=repr(cause)[:500])

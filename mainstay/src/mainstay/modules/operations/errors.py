"""What the operations module refuses, each with its stable code."""

from mainstay.errors import Conflict, InvalidInput, NotFound


class ProcessUnknown(NotFound):
    """No process of that name runs on this machine, or it did not answer (404)."""

    code = "operations.process_unknown"
    title = "There is no such process"


class ProfileUnderWay(Conflict):
    """Somebody takes a profile already (409)."""

    code = "operations.profile_under_way"
    title = "A profile is being taken already"


class LoggerClosed(InvalidInput):
    """The logger is a library's: its lines may tell data of people (422)."""

    code = "operations.logger_closed"
    title = "The level of this logger cannot be changed"


class ErrorUnknown(NotFound):
    """There is no such error, or it has not come for so long that it was forgotten (404)."""

    code = "operations.error_unknown"
    title = "There is no such error"

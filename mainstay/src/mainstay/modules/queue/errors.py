"""What the queue refuses, each with its stable code."""

from mainstay.errors import Conflict, NotFound


class JobUnknown(NotFound):
    """The job is done, was discarded, or was never there (404)."""

    code = "queue.job_unknown"
    title = "There is no such job in the queue"


class ScheduleUnknown(NotFound):
    """The program has no such schedule (404)."""

    code = "queue.schedule_unknown"
    title = "There is no such schedule"


class WrongState(Conflict):
    """The job is not in a state in which that can be done (409)."""

    code = "queue.wrong_state"
    title = "The job is in another state"


class NotRepeatable(Conflict):
    """The job cannot be tried again from here (409)."""

    code = "queue.not_repeatable"
    title = "This job cannot be tried again here"

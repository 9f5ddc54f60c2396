"""How the worker works: how much at once, how soon it notices, how long it waits; times are in seconds."""

from pydantic import Field

from mainstay.settings import Settings


class WorkerSettings(Settings):
    """Settings of one worker process."""

    section = "worker"

    concurrency: int = Field(default=4, ge=1, le=100, description="Jobs that run side by side in one process")
    queues: tuple[str, ...] = Field(
        default=(), description='The only queues that this worker takes jobs from, such as ["letters"]; none for all'
    )
    poll: float = Field(
        default=1.0, gt=0, description="How often the queue is looked at unasked: for retries and missed notifications"
    )
    heartbeat: float = Field(default=2.0, gt=0, description="How often the worker says that it lives")
    stalled_after: float = Field(
        default=10.0, gt=0, description="Without a heartbeat for so long, a worker's jobs are handed back"
    )
    answer_timeout: float = Field(
        default=20.0, gt=0, description="After so long without an answer about the queue the database is taken for lost"
    )
    stop_patience: float = Field(
        default=20.0, gt=0, description="How long running jobs may go on at a stop before they are handed back"
    )

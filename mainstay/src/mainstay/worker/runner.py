"""Runs the job engine until it is told to stop, through restarts of the database, and hands back stalled jobs."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

import psycopg
import structlog
from procrastinate import App
from procrastinate.connector import BaseConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Notification
from procrastinate.jobs import Job as EngineJob
from procrastinate.manager import JobManager
from procrastinate.worker import Worker as EngineWorker

from mainstay.errors import ConfigurationError
from mainstay.flags.state import Flags
from mainstay.messages.job import Job, Schedule
from mainstay.work import WorkOpener
from mainstay.worker.engine import create_app
from mainstay.worker.moments import Moments
from mainstay.worker.recovery import Heartbeats, hand_back, heartbeats
from mainstay.worker.settings import WorkerSettings
from mainstay.worker.upkeep import UPKEEP

logger = structlog.stdlib.get_logger(__name__)

# Seconds before the engine is started again after it lost its database; doubled each time up to the longest.
SHORTEST_PAUSE = 0.2
LONGEST_PAUSE = 5.0

# Seconds (a century): the engine would tell dead workers by the time that is written in their heartbeats.
NEVER = 3.2e9

LOST_DATABASE = (ConnectorException, psycopg.Error, OSError)


class _Jobs(JobManager):
    """The queue, of which nothing is taken while `flags` say that nothing is to be changed; what runs may end.

    Each job asks anew: the engine takes one after the other for as long as there are any. To look whether one is to be
    cancelled without a database is no error: the engine looks again in a moment.
    """

    def __init__(self, connector: BaseConnector, flags: Flags) -> None:
        super().__init__(connector)
        self._flags = flags

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> EngineJob | None:
        """Take the next job; None when there is none to begin."""
        return None if self._flags.is_read_only else await super().fetch_job(queues, worker_id)

    async def list_jobs_to_abort_async(self, queue: str | None = None) -> Iterable[int]:
        """Return which jobs are to be cancelled; none while the database is away."""
        try:
            return await super().list_jobs_to_abort_async(queue)
        except LOST_DATABASE as failure:
            logger.warning("jobs to cancel were not looked for", reason=repr(failure.__cause__ or failure))
            return ()


class _Engine(EngineWorker):
    """The engine, with moments of schedules that stand a clock that is moved.

    It forgets a notification that comes while it looks at the queue: then it looks once more.
    """

    _notices = 0

    async def _handle_notification(self, *, channel: str, notification: Notification) -> None:
        self._notices += 1
        await super()._handle_notification(channel=channel, notification=notification)

    async def _periodic_deferrer(self) -> None:
        await Moments(self.app.periodic_registry, **self.app.periodic_defaults).worker()

    async def _fetch_and_process_jobs(self) -> None:
        seen = -1
        while seen != self._notices and not self._stop_event.is_set():
            seen = self._notices
            await super()._fetch_and_process_jobs()  # type: ignore[no-untyped-call]  # procrastinate leaves it untyped


class Worker:
    """Runs `jobs` and `schedules` from the queues of the database at `url`: all of them, or those that `settings` name.

    Raises ConfigurationError when they name one that no job has.
    """

    def __init__(
        self,
        url: str,
        jobs: Iterable[Job],
        schedules: Iterable[Schedule],
        open_work: WorkOpener,
        settings: WorkerSettings | None = None,
    ) -> None:
        self._url = url
        self._jobs = tuple(jobs)
        self._schedules = (*UPKEEP, *schedules)
        self._open_work = open_work
        self._settings = settings or WorkerSettings()
        self._refuse_unknown_queues()
        self._stopping = asyncio.Event()
        self._engine: _Engine | None = None

    def _refuse_unknown_queues(self) -> None:
        """A misspelt name would leave the jobs of a queue to nobody."""
        known = {job.queue for job in self._jobs} | {schedule.queue for schedule in self._schedules}
        if unknown := sorted(set(self._settings.queues) - known):
            raise ConfigurationError(
                f"The setting WORKER_QUEUES names {', '.join(unknown)}; there are {', '.join(sorted(known))}."
            )

    def stop(self) -> None:
        """Take no further jobs and let `run` return when the running ones have ended; call it on the event loop."""
        self._stopping.set()
        if self._engine is not None:
            self._engine.stop()  # type: ignore[no-untyped-call]  # procrastinate leaves it untyped

    async def run(self, *, is_alone: bool = False) -> None:
        """Work until `stop`; when the database goes away, wait for it and go on.

        `is_alone` says that no other worker uses this database: jobs that a killed worker left are then handed back
        at once, otherwise after `stalled_after` seconds without a heartbeat.
        """
        pause = SHORTEST_PAUSE
        while not self._stopping.is_set():
            try:
                app = create_app(self._url, self._jobs, self._schedules, self._open_work, self._settings.answer_timeout)
                async with app.open_async():
                    await hand_back(app, self._jobs, await heartbeats(app) if is_alone else ())
                    pause = SHORTEST_PAUSE
                    await self._work(app)
            except LOST_DATABASE as failure:
                logger.warning("worker lost its database", reason=repr(failure.__cause__ or failure), next_try_s=pause)
            await self._pause(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _work(self, app: App) -> None:
        if self._stopping.is_set():
            return
        settings = self._settings
        app.job_manager = _Jobs(app.job_manager.connector, self._open_work.setup.flags)
        self._engine = _Engine(
            app,
            queues=list(settings.queues) or None,
            concurrency=settings.concurrency,
            fetch_job_polling_interval=settings.poll,
            update_heartbeat_interval=settings.heartbeat,
            stalled_worker_timeout=NEVER,
            shutdown_graceful_timeout=settings.stop_patience,
            delete_jobs=DeleteJobCondition.SUCCESSFUL,
            install_signal_handlers=False,
        )
        watch = asyncio.create_task(self._hand_back_stalled(app), name="hand back stalled jobs")
        try:
            logger.info(
                "worker started", jobs=len(self._jobs), schedules=len(self._schedules), queues=settings.queues or "all"
            )
            await self._engine.run()  # type: ignore[no-untyped-call]  # procrastinate leaves it untyped
        finally:
            self._engine = None
            watch.cancel()
            with suppress(asyncio.CancelledError):  # it was just cancelled
                await watch

    async def _hand_back_stalled(self, app: App) -> None:
        watched = Heartbeats(self._settings.stalled_after)
        # Not for ever: an end that comes while a lost database is waited for may be told as that loss alone.
        while self._engine is not None:
            await asyncio.sleep(self._settings.stalled_after / 4)
            try:
                await hand_back(app, self._jobs, watched.dead(await heartbeats(app)))
            except LOST_DATABASE as failure:
                logger.warning("stalled jobs were not looked for", reason=str(failure))

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):  # the pause is over and nobody wants to stop
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

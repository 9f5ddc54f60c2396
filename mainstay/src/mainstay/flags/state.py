"""Flags: what is declared and how it is steered at the moment, in the memory of this process."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from mainstay import clock
from mainstay.flags.experiment import Experiment, Trial
from mainstay.flags.flag import Flag, Said, Value
from mainstay.flags.rules import UNSTEERED, Decision, Steering, Subject, decide

NOBODY: Final = Subject()
# Asked by the layers of the web and by the worker, whatever modules there are.
READ_ONLY: Final = Flag(
    "flags.read_only",
    Said(
        "Read-only mode: nobody can change anything, work in the background waits, tills keep their sales.",
        "Режим «только чтение»: никто ничего не меняет, фоновая работа ждёт, кассы хранят свои продажи.",
    ),
    default=False,
    is_for_all=True,
)


class Flags:
    """The flags of a program. Asking costs microseconds and no statement; `steer` is called when something changed."""

    def __init__(self, declared: Iterable[Flag] = (), experiments: Iterable[Experiment] = ()) -> None:
        self.declared: Mapping[str, Flag] = {flag.key: flag for flag in declared}
        self.experiments: Mapping[str, Experiment] = {each.key: each for each in experiments}
        self._steering: Mapping[str, Steering] = {}
        self._trials: Mapping[str, Trial] = {}

    def steer(self, steering: Mapping[str, Steering], trials: Mapping[str, Trial]) -> bool:
        """Take over how flags are steered now, all at once; False when nothing is new."""
        is_new = (steering, trials) != (self._steering, self._trials)
        self._steering, self._trials = steering, trials
        return is_new

    def decide(self, flag: Flag, subject: Subject = NOBODY) -> Decision:
        """Return what `flag` is for `subject` now, and why."""
        return decide(flag, self.steering(flag.key), subject, clock.now())

    def value(self, flag: Flag, subject: Subject = NOBODY) -> Value:
        """Return what `flag` is for `subject` now."""
        return self.decide(flag, subject).value

    def steering(self, key: str) -> Steering:
        """Return how a flag is steered."""
        return self._steering.get(key, UNSTEERED)

    def assigned(self, experiment: Experiment, unit: UUID) -> str | None:
        """Return the variant of `unit` when the experiment runs and the unit takes part in it, else None."""
        trial = self._trials.get(experiment.key)
        return experiment.variant_of(unit) if trial is not None and trial.is_running else None

    def settled(self, experiment: Experiment) -> str:
        """Return the variant of those who take no part: the one that was kept at the end, until then the first."""
        trial = self._trials.get(experiment.key)
        kept = None if trial is None else trial.kept
        return kept if kept in experiment.variants else experiment.control

    @property
    def is_read_only(self) -> bool:
        """Whether nothing is to be changed at the moment."""
        return self.value(READ_ONLY) is True

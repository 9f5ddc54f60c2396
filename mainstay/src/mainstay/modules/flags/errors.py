"""What flags refuse, each with its stable code."""

from mainstay.errors import Conflict, InvalidInput, NotFound, ServiceUnavailable


class FlagUnknown(NotFound):
    """No module of the program declares such a flag (404)."""

    code = "flags.flag_unknown"
    title = "There is no such flag"


class ExperimentUnknown(NotFound):
    """No module of the program declares such an experiment (404)."""

    code = "flags.experiment_unknown"
    title = "There is no such experiment"


class RuleRefused(InvalidInput):
    """A rule names what the flag cannot be, or whom it cannot ask for (422)."""

    code = "flags.rule_refused"
    title = "This rule does not fit the flag"


class WrongStage(Conflict):
    """The experiment has begun already, or does not run (409)."""

    code = "flags.wrong_stage"
    title = "The experiment is at another stage"


class SwitchedOff(ServiceUnavailable):
    """Somebody has switched this off for the moment, for all or for whoever asks (503)."""

    code = "flags.switched_off"
    title = "This is switched off at the moment"

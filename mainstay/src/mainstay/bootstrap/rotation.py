"""The command `rotate-keys`: exchanges the program's secret, seals anew what former ones sealed, says what is left."""

import asyncio
from contextlib import nullcontext
from datetime import timedelta

from mainstay import clock, crypto
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.reach import reach_program
from mainstay.bootstrap.secrets import OwnSecret, own_secret
from mainstay.db.settings import DatabaseSettings
from mainstay.keyring import Keyring, name_of
from mainstay.messages.audit import Entry
from mainstay.sealed import Resealed, reseal
from mainstay.settings import CoreSettings
from mainstay.work import SYSTEM, WorkOpener

# A request that took the former secret just before it was exchanged has ended by then, sealed values and all.
SETTLED = timedelta(minutes=1)


class NotFinished(Exception):
    """A former secret is still needed; the sentence says what for."""


def rotate_keys(program: Program, *, finish: bool) -> list[str]:
    """Exchange the secret, or only end what was begun (`finish`); return sentences for the operator.

    Raises ConfigurationError and NotFinished.
    """
    core = program.configuration().of(CoreSettings)
    own = None
    if core.secret_key is None:
        own = own_secret(program.name, core, may_make=DatabaseSettings.load(program.name).url is None)
    keyring = Keyring.of(core, core.secret_key) if core.secret_key is not None else None

    async def run() -> list[str]:
        async with reach_program(program) as open_work:
            if own is not None:
                return await OwnRotation(program, open_work, own, core.secret_overlap_days).run(finish=finish)
            assert keyring is not None  # noqa: S101  there is one or the other
            return await GivenRotation(program, open_work, keyring).run(finish=finish)

    with own.locked() if own is not None else nullcontext():
        return asyncio.run(run())


class Rotation:
    """What both ways have in common: sealing anew, new keys of the modules, and saying so."""

    def __init__(self, program: Program, open_work: WorkOpener, keyring: Keyring) -> None:
        self.program = program
        self.keyring = keyring
        self.open_work = open_work
        self._columns = tuple(column for module in program.modules for column in module.sealed)

    async def reseal(self) -> Resealed:
        """Seal anew what accepted keys have sealed, and record it."""
        result = await reseal(self.open_work, self.keyring, self._columns)
        if result.done:
            async with self.open_work(SYSTEM) as uow:
                uow.record(
                    Entry("mainstay.values_resealed", "mainstay.secret", self.keyring.name, new={"count": result.done})
                )
        return result

    async def exchange_modules_keys(self) -> list[str]:
        """Have the modules exchange their own keys; return what they say."""
        async with self.open_work(SYSTEM) as uow:
            hooks = [module.rotate for module in self.program.modules if module.rotate is not None]
            return [await rotate(uow, self.keyring) for rotate in hooks]


class OwnRotation(Rotation):
    """Of a secret that the program made itself: the command does all of it."""

    def __init__(self, program: Program, open_work: WorkOpener, own: OwnSecret, overlap_days: int) -> None:
        super().__init__(program, open_work, own.keyring())
        self._own = own
        self._overlap = timedelta(days=overlap_days)

    async def run(self, *, finish: bool) -> list[str]:
        """Exchange, or finish. What was left by one that was killed is done first, and instead of another exchange."""
        if finish:
            self._demand_settled()
        result = await self.reseal()
        if finish:
            return [*_told(result), await self._finish(result)]
        if result.done or result.left:
            return ["An earlier exchange was not finished: it went on, and no new secret was made.", *_told(result)]
        said = [await self._exchange()]
        said += await self.exchange_modules_keys()
        result = await self.reseal()
        return [*said, *_told(result), *await self._drop_what_ran_out(result)]

    async def _exchange(self) -> str:
        fresh, until = crypto.new_token(48), clock.now() + self._overlap
        former, name = self.keyring.name, name_of(fresh.encode())
        # Recorded first: of what happened there is an entry, whenever this process is killed.
        async with self.open_work(SYSTEM) as uow:
            details = {"former": former, "accepted_until": until.isoformat()}
            uow.record(Entry("mainstay.secret_exchanged", "mainstay.secret", name, new=details))
        self._own.exchange(self.keyring, fresh, until)
        return f"The secret is {name} from now on; what {former} signed stays good until {until:%Y-%m-%d %H:%M} UTC."

    def _demand_settled(self) -> None:
        """Raise NotFinished within the minute; asked before sealing anew, so that no request adds to it afterwards."""
        age = clock.now().timestamp() - self._own.exchanged_at()
        if self.keyring.accepted and age < SETTLED.total_seconds():
            raise NotFinished(
                "The secret was exchanged a moment ago: requests may still use the former one; wait a minute."
            )

    async def _finish(self, result: Resealed) -> str:
        names = frozenset(each.name for each in self.keyring.accepted)
        if not names:
            return "There is no former secret."
        if result.left:
            raise NotFinished(_left(result))
        return await self._drop(names)

    async def _drop_what_ran_out(self, result: Resealed) -> list[str]:
        names = frozenset(each.name for each in self.keyring.accepted if each.has_run_out()) - result.left.keys()
        return [await self._drop(names)] if names else []

    async def _drop(self, names: frozenset[str]) -> str:
        async with self.open_work(SYSTEM) as uow:
            for name in sorted(names):
                uow.record(Entry("mainstay.secret_dropped", "mainstay.secret", name))
        self._own.drop(self.keyring, names)
        return f"Dropped {', '.join(sorted(names))}: what it signed is worth nothing any more."


class GivenRotation(Rotation):
    """Of a secret that the operator gives: the command seals anew and says what to set."""

    async def run(self, *, finish: bool) -> list[str]:
        """Seal anew; `finish` demands that nothing is left."""
        result = await self.reseal()
        said = [] if finish else await self.exchange_modules_keys()
        if finish and result.left:
            raise NotFinished(_left(result))
        return [*said, *_told(result), self._advice(result)]

    def _advice(self, result: Resealed) -> str:
        variable = f"{self.program.name.upper()}_ACCEPTED_SECRET_KEYS"
        free = [each.name for each in self.keyring.accepted if each.name not in result.left]
        if result.left:
            return f"Leave {', '.join(sorted(result.left))} in {variable}, and run this again."
        if free:
            return (
                f"Take {', '.join(free)} out of {variable} when no process signs with it any more "
                "and what it signed may end."
            )
        return (
            f"The secret {self.keyring.name} is yours to exchange: put the next one into {variable} of all processes "
            "first, as docs/runbooks/key-rotation.md says."
        )


def _told(result: Resealed) -> list[str]:
    said = [f"{result.done} values were sealed anew."] if result.done else []
    if result.left:
        said.append(_left(result))
    if result.broken:
        said.append(f"{result.broken} values were changed since they were sealed: no key opens them.")
    if result.unknown:
        said.append(f"{result.unknown} values are sealed under a key that this program does not have.")
    return said


def _left(result: Resealed) -> str:
    counts = ", ".join(f"{number} under {name}" for name, number in sorted(result.left.items()))
    return f"Values are still sealed under a former secret ({counts}): they were in use; run this again."

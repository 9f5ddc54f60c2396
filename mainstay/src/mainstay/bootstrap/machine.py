"""How much room is on the disk of the data folder, and until when the certificates hold, told with the numbers."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

import structlog

from mainstay.bootstrap.lan.authority import read_certificate
from mainstay.bootstrap.lan.keeper import FOLDER, SERVER_FILE
from mainstay.observe.counters import Counters
from mainstay.settings import Configuration, CoreSettings
from mainstay.web.metrics import MetricsSettings

DISK_FREE: Final = "mainstay_disk_free_bytes"
DISK_SIZE: Final = "mainstay_disk_size_bytes"
CERTIFICATE: Final = "mainstay_certificate_expires_seconds"
# Seconds for looking: a disk that does not answer is told by its numbers standing still, not by no numbers at all.
PATIENCE: Final = 0.4

logger = structlog.stdlib.get_logger(__name__)


class Machine:
    """Looks at the disk of a data folder and at files with certificates, of which those that are not there are left."""

    def __init__(self, data_dir: Path, certificates: tuple[Path, ...] = ()) -> None:
        self._data_dir = data_dir.resolve()
        self._certificates = certificates
        self._looking: asyncio.Future[list[tuple[str, float, dict[str, str]]]] | None = None

    @classmethod
    def of(cls, configuration: Configuration) -> Self:
        """Return the machine as the settings know it: the program's own certificate, and those of `metrics`."""
        data_dir = configuration.of(CoreSettings).data_dir
        return cls(data_dir, (data_dir / FOLDER / SERVER_FILE, *configuration.of(MetricsSettings).certificates))

    async def tell(self, counters: Counters) -> None:
        """Bring the numbers up to date; what cannot be looked at in time stays as it was."""
        if self._looking is None or self._looking.done():
            # One thread at a time: a disk that does not answer must not take all of them.
            loop = asyncio.get_running_loop()
            self._looking = loop.run_in_executor(None, lambda: list(self._seen()))
        try:
            async with asyncio.timeout(PATIENCE):
                found = await asyncio.shield(self._looking)
        except (OSError, TimeoutError) as failure:
            logger.warning("the machine was not looked at", reason=repr(failure))
            return
        for name, value, labels in found:
            counters.set(name, value, **labels)

    def _seen(self) -> Iterator[tuple[str, float, dict[str, str]]]:
        present = next(each for each in (self._data_dir, *self._data_dir.parents) if each.exists())
        usage = shutil.disk_usage(present)
        yield DISK_FREE, float(usage.free), {}
        yield DISK_SIZE, float(usage.total), {}
        for path in self._certificates:
            try:
                ends = read_certificate(path).not_valid_after_utc.timestamp()
            except FileNotFoundError:
                continue
            except (OSError, ValueError) as failure:
                logger.warning("a certificate cannot be read", path=str(path), reason=repr(failure))
                continue
            yield CERTIFICATE, ends, {"file": str(path)}

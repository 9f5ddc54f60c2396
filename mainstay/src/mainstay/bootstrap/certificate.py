"""The files of a server's certificate, which may be exchanged while the server runs."""

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path

from pydantic import model_validator

from mainstay.errors import ConfigurationError
from mainstay.settings import Settings

# Seconds between two looks at the files.
LOOK_EVERY = 1.0


class TlsSettings(Settings):
    """Where the certificate for HTTPS is; without one, the program speaks plain HTTP."""

    section = "tls"

    certificate: Path | None = None
    key: Path | None = None

    @model_validator(mode="after")
    def _has_both(self) -> "TlsSettings":
        if self.key is not None and self.certificate is None:
            raise ValueError("a key needs its certificate")
        return self

    def files(self) -> "CertificateFiles | None":
        """Return the files; without a key of its own, the certificate's file holds it too."""
        if self.certificate is None:
            return None
        return CertificateFiles(self.certificate, self.key or self.certificate)


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """A certificate with its chain, and its key, both as PEM; one file may hold everything."""

    chain: Path
    key: Path

    def check(self) -> None:
        """Raise ConfigurationError with one sentence when the files are no certificate with its key."""
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self.chain, self.key, password="")
        except OSError as failure:  # what SSL refuses is one too
            reason = failure.strerror or str(failure)
            raise ConfigurationError(f"The certificate {self.chain} cannot be used: {reason}.") from failure

    async def changed(self, mark: tuple[int, ...]) -> tuple[int, ...]:
        """Return the new mark when the files are others than those that `mark` is of."""
        while True:
            found = await asyncio.to_thread(self.mark)
            if found != mark:
                return found
            await asyncio.sleep(LOOK_EVERY)

    def mark(self) -> tuple[int, ...]:
        """Return numbers that differ when the files do; a file that is being exchanged counts as none."""
        marks: list[int] = []
        for path in (self.chain, self.key):
            try:
                found = path.stat()
            except OSError:
                marks.append(0)
            else:
                marks += (found.st_ino, found.st_mtime_ns, found.st_size)
        return tuple(marks)

"""Keeps the server's certificate good: for the addresses that the machine has, and before it ends."""

from collections.abc import Callable
from pathlib import Path

import structlog
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from mainstay import clock
from mainstay.bootstrap.lan import files
from mainstay.bootstrap.lan.authority import RENEW_BEFORE, Authority, names_in, read_certificate
from mainstay.bootstrap.lan.names import Names

logger = structlog.stdlib.get_logger(__name__)

FOLDER = "lan"
SERVER_FILE = "server.pem"


class Keeper:
    """The authority and the server's certificate in a data folder; `ask` tells the machine's names of the moment."""

    def __init__(self, data_dir: Path, title: str, ask: Callable[[], Names]) -> None:
        self.folder = files.private_folder(data_dir / FOLDER)
        self._ask = ask
        self.names = ask()
        self.authority = Authority.kept(self.folder, title, self.names)

    @property
    def server_file(self) -> Path:
        """The certificate and the key of the server, in one file, so that both are exchanged in one step."""
        return self.folder / SERVER_FILE

    def keep(self) -> bool:
        """Write a new certificate where one is due; say whether it did."""
        self.names = self._ask()
        reason = self._reason()
        if reason is None:
            return False
        files.write(self.server_file, self.authority.issue(self.names))
        logger.info("new certificate", reason=reason, names=self.authority.wanted(self.names))
        return True

    def _reason(self) -> str | None:
        """Return why a new certificate is due; None when it is not."""
        if not self.server_file.exists():
            return "there is none"
        try:
            present = read_certificate(self.server_file)
            present.verify_directly_issued_by(self.authority.certificate)
            names = names_in(present)
        except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            return "it is not of this authority"
        if not present.not_valid_before_utc <= clock.now() < present.not_valid_after_utc - RENEW_BEFORE:
            return "it ends soon"
        if names != frozenset(self.authority.wanted(self.names)):
            return "the addresses have changed"
        return None

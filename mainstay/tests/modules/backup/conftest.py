"""A program that is identity, mail, the audit trail and backups, with a mail server of the run's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mainstay.bootstrap.program import Program
from mainstay.modules.audit.module import AUDIT
from mainstay.modules.backup.module import BACKUP
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.mail.module import MAIL
from mainstay.modules.notifications.module import NOTIFICATIONS


@pytest.fixture(scope="session")
def vault_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program's data folder."""
    return tmp_path_factory.mktemp("vault")


@pytest.fixture(scope="session")
def program(post_office_url: str, vault_folder: Path) -> Iterator[Program]:
    """The program under test."""
    surroundings = {
        "SECRET_KEY": "wet paint on ninety wooden chairs",  # pragma: allowlist secret
        "PUBLIC_URL": "https://shop.example",
        "DATA_DIR": str(vault_folder),
        "MAIL_URL": post_office_url,
        "MAIL_SENDER": "desk@shop.example",
        "MAIL_SENDER_NAME": "Corner Shop",
        "MAIL_REST": "0.01",
        "BACKUP_HOUR": "2",
        "BACKUP_DAILY": "2",
        "BACKUP_WEEKLY": "0",
        "BACKUP_MONTHLY": "0",
    }
    modules = (MAIL, IDENTITY, NOTIFICATIONS, AUDIT, BACKUP)
    with pytest.MonkeyPatch.context() as environment:
        for name, value in surroundings.items():
            environment.setenv(f"VAULT_{name}", value)
        yield Program("vault", "Vault", "Keeps backups.", "1.0.0", modules, ("mainstay.migrations",))

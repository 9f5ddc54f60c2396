"""At the start the log says how mail leaves; in production it warns when it does not."""

import pytest
from structlog.testing import capture_logs

from mainstay.mail.settings import MailSettings
from mainstay.modules.mail.service.starting import tell
from mainstay.settings import Configuration, CoreSettings
from mainstay.setup import Setup
from mainstay.work import SYSTEM, WorkOpener


@pytest.mark.parametrize(("environment", "level"), [("production", "warning"), ("test", "info")])
async def test_mail_that_is_off_is_a_warning_in_production(open_work: WorkOpener, environment: str, level: str) -> None:
    core = CoreSettings.model_validate({"environment": environment})
    setup = Setup(settings=Configuration((core, MailSettings())))

    with capture_logs() as logs:
        async with WorkOpener(open_work.engine, open_work.subscriptions, setup=setup)(SYSTEM) as uow:
            assert await tell(uow) is None

    assert [(line["log_level"], line["mode"]) for line in logs] == [(level, "off")]

"""The product: the one list of its modules, and what is made of it."""

from importlib.metadata import version
from pathlib import Path

from mainstay.bootstrap.asgi import Application, api_from_environment
from mainstay.bootstrap.program import Program
from mainstay.modules.audit.module import AUDIT
from mainstay.modules.backup.module import BACKUP
from mainstay.modules.browser.module import BROWSER
from mainstay.modules.files.module import FILES
from mainstay.modules.flags.module import FLAGS
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.interface.module import INTERFACE
from mainstay.modules.mail.module import MAIL
from mainstay.modules.notifications.module import NOTIFICATIONS
from mainstay.modules.operations.module import OPERATIONS
from mainstay.modules.queue.module import QUEUE
from mainstay.modules.webhooks.module import WEBHOOKS
from tradepost.catalog.module import CATALOG
from tradepost.crm.module import CRM
from tradepost.insight.module import INSIGHT
from tradepost.pos.module import POS
from tradepost.shop.module import SHOP
from tradepost.stock.module import STOCK
from tradepost.tagging.module import TAGGING

DESCRIPTION = "The back office of a small trading business in one program: catalogue, stock, till and live numbers."


def make_program() -> Program:
    """Return Tradepost; whoever comes later in the list may use what comes before."""
    return Program(
        name="tradepost",
        title="Tradepost",
        description=DESCRIPTION,
        version=version("tradepost"),
        modules=(
            MAIL,
            IDENTITY,
            NOTIFICATIONS,
            AUDIT,
            QUEUE,
            BACKUP,
            WEBHOOKS,
            INTERFACE,
            OPERATIONS,
            BROWSER,
            FLAGS,
            FILES,
            SHOP,
            TAGGING,
            CATALOG,
            STOCK,
            CRM,
            POS,
            INSIGHT,
        ),
        migrations=("mainstay.migrations", "tradepost.migrations"),
        # The web app as it was built; it is part of the installed package.
        static=Path(__file__).parent / "static",
    )


def api() -> Application:
    """Return the API for any ASGI server, with the settings of the environment. Raises ConfigurationError."""
    return api_from_environment(make_program())

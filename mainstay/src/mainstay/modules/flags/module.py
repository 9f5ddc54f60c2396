"""The manifest of the flags module."""

from mainstay.flags.state import READ_ONLY
from mainstay.module import Module
from mainstay.modules.flags import models, permissions
from mainstay.modules.flags.repository import CHANNEL
from mainstay.modules.flags.routes import experiments, flags
from mainstay.modules.flags.service import steering
from mainstay.setup import Steered

FLAGS = Module(
    name="flags",
    routers=(flags.router, experiments.router),
    models=(models.Steered, models.Begun, models.Exposure, models.Outcome),
    permissions=(permissions.READ, permissions.WRITE),
    flags=(READ_ONLY,),
    steered=Steered(CHANNEL, steering.read),
)

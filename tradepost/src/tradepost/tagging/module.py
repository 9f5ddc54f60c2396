"""The manifest of the tagging module."""

from mainstay.module import Module
from tradepost.tagging import models, permissions, routes
from tradepost.tagging.events import TagDeleted, TagRenamed
from tradepost.tagging.service import TAGS, counted_tags

TAGGING = Module(
    name="tagging",
    routers=(routes.router,),
    models=(models.Tag, models.Link),
    caches=(TAGS,),
    warm=counted_tags,
    events=(TagRenamed, TagDeleted),
    permissions=(permissions.READ, permissions.WRITE),
)

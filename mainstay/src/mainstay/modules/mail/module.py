"""The manifest of the mail module."""

from mainstay.mail.settings import MailSettings
from mainstay.module import Module
from mainstay.modules.mail import jobs, models, permissions, routes
from mainstay.modules.mail.events import MailBounced, MailQueued
from mainstay.modules.mail.service import keeping
from mainstay.modules.mail.service.posting import Post, mailbox_folder, open_post
from mainstay.modules.mail.service.starting import tell
from mainstay.net.partners import Partners
from mainstay.resources import Resource

MAIL = Module(
    name="mail",
    routers=(routes.router,),
    models=(models.Message, models.Reader),
    events=(MailQueued, MailBounced),
    jobs=(jobs.DELIVER,),
    schedules=(jobs.FORGET_THE_OLD,),
    permissions=(permissions.MANAGE,),
    settings=(MailSettings,),
    resources=(Resource(Post, open_post, (Partners,)),),
    sealed=(keeping.SEALED,),
    at_start=tell,
    check=keeping.check,
    folder=mailbox_folder,
)

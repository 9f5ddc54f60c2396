"""The manifest of the files module."""

from mainstay.module import Module
from mainstay.modules.files import jobs, models, routes
from mainstay.modules.files.events import BytesDropped, FileReady, FileReceived
from mainstay.modules.files.service import notices, placing, upkeep
from mainstay.modules.files.settings import FileSettings
from mainstay.net.partners import Partners
from mainstay.resources import Resource
from mainstay.storage.opening import Place
from mainstay.storage.settings import StorageSettings

FILES = Module(
    name="files",
    routers=(routes.router,),
    models=(models.File, models.Piece, models.Form),
    events=(FileReceived, FileReady, BytesDropped),
    jobs=(jobs.SCAN, jobs.MAKE_FORMS, jobs.DROP_BYTES),
    schedules=(jobs.SWEEP,),
    notifications=(notices.INFECTED,),
    settings=(StorageSettings, FileSettings),
    resources=(Resource(Place, placing.open_kept, (Partners,)),),
    observe=upkeep.observe,
    check=upkeep.check,
    folder=placing.folder,
)

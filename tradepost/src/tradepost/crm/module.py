"""The manifest of the contacts module."""

from mainstay.module import Module
from mainstay.net.client import Client
from mainstay.net.partners import Partners
from mainstay.resources import Resource
from tradepost.crm import cli, events, invariants, jobs, permissions
from tradepost.crm.cards.reader import CardReader
from tradepost.crm.flags import CARD_SCANNING, CONTACT_IMPORTS
from tradepost.crm.models import cards as card_models
from tradepost.crm.models import contacts as models
from tradepost.crm.models import uploads as upload_models
from tradepost.crm.routes import cards as card_routes
from tradepost.crm.routes import contacts as routes
from tradepost.crm.routes import duplicates as duplicate_routes
from tradepost.crm.service.card_reading import open_reader
from tradepost.crm.settings import CardSettings, VisionSettings

CRM = Module(
    name="crm",
    routers=(routes.router, duplicate_routes.router, card_routes.router),
    models=(
        models.Contact,
        models.Phone,
        models.Email,
        models.Website,
        models.Address,
        models.TimelineEntry,
        models.Key,
        models.Duplicate,
        models.NotSame,
        models.Merge,
        models.MergePart,
        models.Import,
        models.ImportRow,
        card_models.CardBatch,
        card_models.CardPhoto,
        card_models.Card,
        card_models.CardResult,
        card_models.CardCorrection,
        upload_models.CardUpload,
        upload_models.CardUploadChunk,
    ),
    events=(
        events.ContactCreated,
        events.ContactChanged,
        events.ContactsMerged,
        events.MergeUndone,
        events.ContactsImported,
        events.ScanWanted,
        events.ContactFileReceived,
        events.CardPhotoReceived,
        events.CardPhotoReadWanted,
        events.CardFileHeld,
        events.CardKept,
    ),
    jobs=(
        jobs.FOLLOW_COMPANY,
        jobs.FOLLOW_TAG,
        jobs.FIND_DUPLICATES,
        jobs.SCAN,
        jobs.READ_FILE,
        jobs.READ_PHOTO,
        jobs.SCAN_CARD_FILE,
    ),
    schedules=(jobs.TEND_CARD_FILES,),
    settings=(CardSettings, VisionSettings),
    resources=(Resource(CardReader, open_reader, (Client, Partners)),),
    records=(permissions.CONTACTS,),
    permissions=(permissions.READ, permissions.SEE_PERSONAL, permissions.WRITE, permissions.EXPORT),
    cli=cli.app,
    invariants=invariants.ALL,
    flags=(CARD_SCANNING, CONTACT_IMPORTS),
)

"""What tests of the audit trail share: who acts, on what, and the types of their fixtures."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from mainstay.modules.audit.service.chain import Head
from mainstay.work import Actor

ADA_ID = UUID(int=7)
ADA = Actor("person", ADA_ID, "Ada", "owner")
NOTE = UUID(int=5)

Record = Callable[..., Awaitable[None]]
Export = Callable[[], Awaitable[tuple[list[str], Head]]]
Edit = Callable[..., str]

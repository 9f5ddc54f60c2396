"""One's own account, where the routes' tests cannot reach: what is looked up before the transaction begins."""

from collections.abc import Awaitable, Callable

import pytest

from mainstay.bootstrap.program import Program
from mainstay.errors import NotSignedIn
from mainstay.modules.identity.service import account, invitations, sessions
from mainstay.modules.identity.service.account import PasswordChange
from mainstay.modules.identity.service.invitations import Acceptance
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.settings import Configuration
from mainstay.setup import Setup
from mainstay.work import ANONYMOUS, SYSTEM, WorkOpener

PASSWORD, NEW = "three quiet green trains", "four slow yellow boats"
Link = Callable[[], Awaitable[str]]


async def test_the_session_is_looked_up_before_the_transaction_begins(
    open_work: WorkOpener, program: Program, owner_link: Link
) -> None:
    """Found in the browser, where the hashes took longer than sessions are remembered."""
    settings = IdentitySettings(session_cache=0, hash_memory_kib=19_456, hash_passes=1)
    setup = Setup(Configuration([settings]), program.roles)
    forgetful = WorkOpener(open_work.engine, program.subscriptions, setup=setup)
    async with forgetful(ANONYMOUS) as uow:
        ada = await invitations.accept(uow, Acceptance(await owner_link(), PASSWORD, "Ada", "ada@engine.example"))

    async with forgetful(ANONYMOUS) as uow:
        uow.actor = await sessions.authenticate(uow, ada.token)
        kept = await account.change_password(uow, PasswordChange(PASSWORD, NEW, ada.token, "::1"))

    async with forgetful(ANONYMOUS) as uow:
        assert (await sessions.recognise(uow, kept.token)).session_id == ada.person.session_id
        with pytest.raises(NotSignedIn):
            await sessions.recognise(uow, ada.token)


async def test_what_is_no_person_has_no_account(open_work: WorkOpener) -> None:
    async with open_work(SYSTEM) as uow:
        with pytest.raises(NotSignedIn):
            await account.read(uow)

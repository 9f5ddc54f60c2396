"""The commands `create-owner` and `reset-access`: the way in for whoever holds the machine, when all else is lost."""

import asyncio
from typing import Annotated

import typer

from mainstay.errors import DomainError
from mainstay.modules.identity.service import rescue
from mainstay.modules.identity.service.resets import ResetLink
from mainstay.work import SYSTEM, Reach

app = typer.Typer()

Email = Annotated[str, typer.Argument(help="The address by which the person signs in.")]
Name = Annotated[str, typer.Argument(help="What the person is called.")]


@app.command()
def create_owner(command: typer.Context, email: Email, name: Name) -> None:
    """Make one more owner, and print the one-time link by which they set their password."""
    asyncio.run(_create_owner(command.obj, email, name))


@app.command()
def reset_access(command: typer.Context, email: Email) -> None:
    """Take a person's sessions, tokens, keys and factors, and print the link by which they set a new password."""
    asyncio.run(_reset_access(command.obj, email))


async def _create_owner(reach: Reach, email: str, name: str) -> None:
    try:
        async with reach() as open_work, open_work(SYSTEM) as uow:
            link = await rescue.create_owner(uow, email, name)
    except DomainError as refusal:
        raise _refused(refusal) from refusal
    _tell(link)


async def _reset_access(reach: Reach, email: str) -> None:
    try:
        async with reach() as open_work, open_work(SYSTEM) as uow:
            link = await rescue.reset_access(uow, email)
    except DomainError as refusal:
        raise _refused(refusal) from refusal
    _tell(link)


def _refused(refusal: DomainError) -> typer.Exit:
    typer.echo(refusal.detail, err=True)
    return typer.Exit(1)


def _tell(link: ResetLink) -> None:
    typer.echo(f"Open this once, on the program's address, until {link.expires_at:%Y-%m-%d %H:%M} UTC: {link.path}")

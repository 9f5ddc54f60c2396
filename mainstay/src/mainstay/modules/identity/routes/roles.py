"""The routes of roles."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from mainstay.modules.identity.permissions import MANAGE, ROLES
from mainstay.modules.identity.schemas.fields import Version
from mainstay.modules.identity.schemas.roles import (
    PermissionOut,
    PermissionsOut,
    RecordsOut,
    RoleIn,
    RoleOut,
    RolePatch,
    RolesOut,
)
from mainstay.modules.identity.service import rights, roles
from mainstay.modules.identity.service.roles import NewRole, RoleChange
from mainstay.web.routing import work
from mainstay.work import Row, UnitOfWork

router = APIRouter(prefix="/identity", tags=["Identity"])

FreshWork = Annotated[UnitOfWork, work(ROLES, fresh=True)]

Key = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


@router.get("/permissions")
async def list_permissions(uow: Annotated[UnitOfWork, work(MANAGE)]) -> PermissionsOut:
    """Every right that the program knows."""
    declared = uow.setup.roles.declared
    records = [RecordsOut(name=each.name, title=each.title) for each in uow.setup.roles.records]
    return PermissionsOut(
        items=[PermissionOut(name=right.name, title=right.title) for right in declared], records=records
    )


@router.get("/roles")
async def list_roles(uow: Annotated[UnitOfWork, work(MANAGE)]) -> RolesOut:
    """All roles, with the rights that each holds today."""
    return RolesOut(items=[_out(uow, row) for row in await roles.list_roles(uow)])


@router.post("/roles", status_code=201)
async def add_role(uow: FreshWork, role: RoleIn, response: Response) -> RoleOut:
    """Make a role of rights that one holds oneself; to copy a role, send its rights."""
    new = NewRole(role.id, role.title, frozenset(role.permissions), role.extents)
    made = _out(uow, await roles.add(uow, new))
    response.headers["Location"] = f"/api/v1/identity/roles/{made.key}"
    return made


@router.patch("/roles/{key}")
async def change_role(uow: FreshWork, key: Key, patch: RolePatch) -> RoleOut:
    """Change what a role holds, for everybody who has it, within a second."""
    wanted = None if patch.permissions is None else frozenset(patch.permissions)
    return _out(uow, await roles.change(uow, key, patch.version, RoleChange(patch.title, wanted, patch.extents)))


@router.delete("/roles/{key}", status_code=204)
async def delete_role(uow: FreshWork, key: Key, version: Annotated[Version, Query()]) -> None:
    """Delete a role that nobody has and that is not built in."""
    await roles.delete(uow, key, version)


def _out(uow: UnitOfWork, row: Row) -> RoleOut:
    return RoleOut(
        key=row["key"],
        title=row["title"],
        is_built_in=row["is_built_in"],
        permissions=sorted(rights.held_by(uow, row)),
        extents=uow.setup.roles.extents(row["key"], row["extents"]),
        people=row["people"],
        version=row["version"],
    )

"""What the routes of roles and of one person's rights take and give."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mainstay.modules.identity.schemas.fields import Name, Role, Version
from mainstay.permission import Extent

Right = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=100)]
Rights = Annotated[list[Right], Field(max_length=500, examples=[["pos.sell"]])]


# Of kinds of records, whose the role reaches: one's own, those of people who share a place with one, or all.
Extents = Annotated[dict[Right, Extent], Field(max_length=100, examples=[{"pos.sales": "own"}])]


class RoleOut(BaseModel):
    """A role with the rights that it holds today, and how far they reach; `people` have it."""

    key: Role
    title: str
    is_built_in: bool
    permissions: list[str]
    extents: dict[str, Extent]
    people: int
    version: int


class RolesOut(BaseModel):
    """All roles, the built-in ones first."""

    items: list[RoleOut]


class PermissionOut(BaseModel):
    """A right that the program knows."""

    name: str = Field(examples=["pos.sell"])
    title: str = Field(examples=["Sell at a till"])


class RecordsOut(BaseModel):
    """A kind of records that roles may reach in part."""

    name: str = Field(examples=["pos.sales"])
    title: str = Field(examples=["Sales"])


class PermissionsOut(BaseModel):
    """All rights, in the order in which modules declare them, and the kinds of records that roles may reach in part."""

    items: list[PermissionOut]
    records: list[RecordsOut]


class RoleIn(BaseModel):
    """A new role, with an id that the client makes."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    title: Name = Field(examples=["Stock keeper"])
    permissions: Rights
    extents: Extents = {}


class RolePatch(BaseModel):
    """Other rights or another title; `version` is the one that was read, what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    title: Name | None = None
    permissions: Rights | None = None
    extents: Extents | None = None


class PersonRightOut(PermissionOut):
    """A right, whether the person holds it, and the role that gives it (null: none does)."""

    is_held: bool
    role: str | None


class PersonExtentOut(RecordsOut):
    """A kind of records, and whose of them the person reaches by their role."""

    extent: Extent


class PersonRightsOut(BaseModel):
    """Every right of the program, why this person holds it or does not, and how far the rights reach.

    `places` are the names of those that the person is limited to, null: to none.
    """

    role: Role
    role_title: str
    is_active: bool
    places: list[str] | None
    extents: list[PersonExtentOut]
    items: list[PersonRightOut]

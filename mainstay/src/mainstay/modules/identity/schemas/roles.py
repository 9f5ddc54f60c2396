"""What the routes of roles and of one person's rights take and give."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mainstay.modules.identity.schemas.fields import Name, Role, Version

Right = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=100)]
Rights = Annotated[list[Right], Field(max_length=500, examples=[["pos.sell"]])]


class RoleOut(BaseModel):
    """A role with the rights that it holds today; `people` have it."""

    key: Role
    title: str
    is_built_in: bool
    permissions: list[str]
    people: int
    version: int


class RolesOut(BaseModel):
    """All roles, the built-in ones first."""

    items: list[RoleOut]


class PermissionOut(BaseModel):
    """A right that the program knows."""

    name: str = Field(examples=["pos.sell"])
    title: str = Field(examples=["Sell at a till"])


class PermissionsOut(BaseModel):
    """All rights, in the order in which modules declare them."""

    items: list[PermissionOut]


class RoleIn(BaseModel):
    """A new role, with an id that the client makes."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    title: Name = Field(examples=["Stock keeper"])
    permissions: Rights


class RolePatch(BaseModel):
    """Other rights or another title; `version` is the one that was read, what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    title: Name | None = None
    permissions: Rights | None = None


class PersonRightOut(PermissionOut):
    """A right, whether the person holds it, and the role that gives it (null: none does)."""

    is_held: bool
    role: str | None


class PersonRightsOut(BaseModel):
    """Every right of the program, and why this person holds it or does not."""

    role: Role
    role_title: str
    is_active: bool
    items: list[PersonRightOut]

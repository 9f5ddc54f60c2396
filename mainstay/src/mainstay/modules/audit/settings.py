"""The settings of the audit trail."""

from pydantic import Field

from mainstay.settings import Settings


class AuditSettings(Settings):
    """For how long entries are kept; the database itself refuses to delete what is younger than a year."""

    section = "audit"

    keep_years: int = Field(default=7, ge=1, le=100, description="Audit entries are deleted when they are older")

"""Domain errors: what goes wrong for a reason the caller can act on, each with a stable code and a status.

Services raise them; one handler at the web edge turns them into RFC 9457 problem details.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

JsonValue = str | int | bool | None | Sequence["JsonValue"] | Mapping[str, "JsonValue"]


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field of the input that was refused: its path (`lines.0.quantity`), a stable code and a sentence."""

    field: str
    code: str
    message: str


class DomainError(Exception):
    """A refusal with a stable `code`, an HTTP `status` and a sentence (`detail`) the user can act on.

    `extra` members are added to the problem document, `headers` to the reply (for example `Retry-After`).
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    title: ClassVar[str] = "The request cannot be carried out"

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, JsonValue] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})


class InvalidInput(DomainError):
    """The payload is malformed or breaks a rule that the sender can see (422)."""

    status = 422
    code = "invalid_input"
    title = "The input is not valid"


class InvalidCursor(InvalidInput):
    """The cursor was changed, or another list, other filters, another order or somebody else's request gave it out."""

    code = "invalid_cursor"
    title = "The list cannot go on from here"


class NotSignedIn(DomainError):
    """Nobody is signed in (401)."""

    status = 401
    code = "identity.not_signed_in"
    title = "Sign in first"


class NotAllowed(DomainError):
    """The actor lacks the right (403)."""

    status = 403
    code = "not_allowed"
    title = "You do not have the right to do this"


class FreshFactorNeeded(NotAllowed):
    """The act is dangerous, and the last time that the person gave a second factor is too long ago (403)."""

    code = "fresh_factor_needed"
    title = "Confirm that it is you"


class FactorSetUpNeeded(NotAllowed):
    """The person's role demands a second factor, and there is none yet (403)."""

    code = "factor_set_up_needed"
    title = "Set up a second factor first"


class NotFound(DomainError):
    """There is no such thing, or the actor may not know of it (404)."""

    status = 404
    code = "not_found"
    title = "Not found"


class Gone(DomainError):
    """It was there, and has been deleted since (410)."""

    status = 410
    code = "gone"
    title = "Gone"


class Conflict(DomainError):
    """The request does not fit the present state (409)."""

    status = 409
    code = "conflict"
    title = "This conflicts with the present state"


class Told(Protocol):
    """The sides of a conflict, see `mainstay.three_way`."""

    def members(self) -> Mapping[str, JsonValue]:
        """Return the members that a reply has of them."""
        ...


class VersionConflict(Conflict):
    """Somebody else changed the record first: the reply has what was read, what was wanted and what it is now (412).

    The version that a change is based on is a precondition of it, whether it stands in the body or in the address.
    Whoever is refused needs all `sides` to put them together, so there is no conflict without them: see
    `mainstay.versioned.conflict`.
    """

    status = 412
    code = "version_conflict"
    title = "Somebody else changed this first"

    def __init__(self, detail: str, *, sides: Told, extra: Mapping[str, JsonValue] | None = None) -> None:
        super().__init__(detail, extra={**(extra or {}), **sides.members()})


class TooManyRequests(DomainError):
    """A limit was reached; `Retry-After` says when to come back (429)."""

    status = 429
    code = "too_many_requests"
    title = "Too many requests"


class ServiceUnavailable(DomainError):
    """Something this service needs is away for the moment (503)."""

    status = 503
    code = "service_unavailable"
    title = "Temporarily unavailable"


class ConfigurationError(Exception):
    """The program cannot start as configured; the message is the one sentence that is shown."""

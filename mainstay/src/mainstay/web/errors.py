"""What the web edge itself refuses, before or after a route, each with its stable code."""

from mainstay.errors import Conflict, DomainError, InvalidInput, NotAllowed, ServiceUnavailable


class MalformedJson(DomainError):
    """The body is no JSON as RFC 8259 has it; NaN and Infinity are not (400)."""

    code = "malformed_json"
    title = "The body is not valid JSON"


class MalformedAddress(DomainError):
    """The path or the query holds what no text may hold: the NUL character (400)."""

    code = "malformed_address"
    title = "The address cannot be read"


class MalformedKey(DomainError):
    """The header `Idempotency-Key` is no text of 1 to 200 ASCII characters (400)."""

    code = "idempotency_key_malformed"
    title = "The key of the call cannot be read"


class KeyReused(InvalidInput):
    """Another call, or the same one with another input, was made with this `Idempotency-Key` before (422)."""

    code = "idempotency_key_reused"
    title = "This key belongs to another call"


class CallUnderWay(Conflict):
    """The first call with this `Idempotency-Key` is still being carried out (409)."""

    code = "call_under_way"
    title = "This call is being carried out already"


class UnknownField(InvalidInput):
    """The parameter `fields` names what the answer does not have; `known` lists what it has (422)."""

    code = "unknown_field"
    title = "The answer has no such field"


class UntrustedHost(DomainError):
    """The Host header names a site that this program does not serve (400)."""

    code = "untrusted_host"
    title = "This address is not served here"


class CsrfFailed(NotAllowed):
    """A write that does not come from our own pages, or without their token (403)."""

    code = "csrf_failed"
    title = "This request did not come from our own pages"


class MethodNotAllowed(DomainError):
    """The path exists but not for this method; `Allow` lists those it has (405)."""

    status = 405
    code = "method_not_allowed"
    title = "This method is not available here"


class Overloaded(ServiceUnavailable):
    """More is asked than can be done; this was not begun, and may be asked again after `Retry-After` (503)."""

    code = "overloaded"
    title = "Too much is being asked at the moment"


class ReadOnly(ServiceUnavailable):
    """The program is in read-only mode: nothing can be changed for the moment, and nothing was (503)."""

    code = "read_only"
    title = "Nothing can be changed at the moment"


class BodyTooLarge(DomainError):
    """The body is larger than this route takes (413)."""

    status = 413
    code = "body_too_large"
    title = "Too much was sent"


class AddressTooLong(DomainError):
    """The path and the query are longer than any that this program has (414)."""

    status = 414
    code = "address_too_long"
    title = "The address is too long"


class HeadTooLarge(DomainError):
    """Address and headers of the request are larger than any honest ones (431)."""

    status = 431
    code = "head_too_large"
    title = "The headers are too large"


class BodyTooSlow(DomainError):
    """The body was sent so slowly that it was not waited for (408)."""

    status = 408
    code = "body_too_slow"
    title = "The body came too slowly"


class HttpsNeeded(NotAllowed):
    """The request came in the clear, where only HTTPS is taken (403)."""

    code = "https_needed"
    title = "Only HTTPS is taken here"


class UnsupportedMediaType(DomainError):
    """The body is of a kind that this route does not take (415)."""

    status = 415
    code = "unsupported_media_type"
    title = "This kind of content is not taken"


class StillReferenced(Conflict):
    """It names something that is not there, or removes something that others still name (409)."""

    code = "reference_conflict"
    title = "Something this belongs to is missing or still in use"


class DatabaseBusy(ServiceUnavailable):
    """Others held the same rows for too long; the same request may succeed in a moment (503)."""

    code = "database_busy"
    title = "Too busy at the moment"


class InternalError(DomainError):
    """The program has a mistake; the log has it under the request id (500)."""

    status = 500
    code = "internal_error"
    title = "Something went wrong here"


class RefusedByDatabase(InvalidInput):
    """A value breaks a rule that the database keeps (422)."""

    code = "refused_by_database"
    title = "A value is not possible here"

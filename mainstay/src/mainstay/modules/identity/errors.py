"""What identity refuses, each with its stable code."""

from mainstay.errors import Conflict, DomainError, InvalidInput, NotAllowed, NotFound, NotSignedIn, TooManyRequests


class WrongCredentials(DomainError):
    """E-mail and password do not belong together; which of them is wrong is not told (401)."""

    status = 401
    code = "identity.wrong_credentials"
    title = "E-mail or password is wrong"


class TooManyAttempts(TooManyRequests):
    """Sign-in was tried too often; `Retry-After` says when to try again (429)."""

    code = "identity.too_many_attempts"
    title = "Too many sign-in attempts"


class InvitationUnknown(NotFound):
    """The link was used, has run out, was replaced by a newer one or never existed (404)."""

    code = "identity.invitation_unknown"
    title = "This link does not work any more"


class InvitationIdReused(Conflict):
    """An invitation with this id exists and says something else, or was accepted (409)."""

    code = "identity.invitation_id_reused"
    title = "This id belongs to another invitation"


class EmailTaken(Conflict):
    """Somebody with this e-mail is here already (409)."""

    code = "identity.email_taken"
    title = "Somebody with this e-mail is here already"


class PasswordRefused(InvalidInput):
    """The password is too easy to guess; `errors` say why (422)."""

    code = "identity.password_refused"
    title = "Choose another password"


class DetailsMissing(InvalidInput):
    """The invitation leaves name or e-mail open and they were not given (422)."""

    code = "identity.details_missing"
    title = "Tell us your name and e-mail"


class InvalidToken(NotSignedIn):
    """The access token or API key is not genuine, has run out or was revoked (401)."""

    code = "identity.invalid_token"
    title = "This token does not let anybody in"


class RefreshRefused(DomainError):
    """The refresh token was used, has run out or was never valid (401)."""

    status = 401
    code = "identity.refresh_refused"
    title = "Sign in again"


class SecondFactorNeeded(NotAllowed):
    """A password alone signs no API client in where the person has a second factor (403)."""

    code = "identity.second_factor_needed"
    title = "A password is not enough here"


class KeyUnknown(NotFound):
    """There is no such API key, or it is somebody else's (404)."""

    code = "identity.key_unknown"
    title = "There is no such key"


class KeyIdTaken(Conflict):
    """An API key with this id was made before; its text is shown only once (409)."""

    code = "identity.key_id_taken"
    title = "This key was made before"


class TooManyKeys(Conflict):
    """There are as many API keys as there may be (409)."""

    code = "identity.too_many_keys"
    title = "There are too many keys"

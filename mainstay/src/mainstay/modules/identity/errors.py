"""What identity refuses, each with its stable code."""

from typing import Self

from mainstay.errors import (
    Conflict,
    DomainError,
    FieldProblem,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    ServiceUnavailable,
    TooManyRequests,
)


class WrongCredentials(DomainError):
    """E-mail and password do not belong together; which of them is wrong is not told (401)."""

    status = 401
    code = "identity.wrong_credentials"
    title = "E-mail or password is wrong"


class TooManyAttempts(TooManyRequests):
    """Too much was guessed, at a sign-in or elsewhere; `Retry-After` says when to try again (429)."""

    code = "identity.too_many_attempts"
    title = "Too many attempts"


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


class WrongPassword(InvalidInput):
    """Whoever changes their password gave another one than the present one (422)."""

    code = "identity.wrong_password"
    title = "This is not your present password"


class DeviceUnknown(NotFound):
    """The actor has no such device that is signed in (404)."""

    code = "identity.device_unknown"
    title = "This device is not signed in"


class ResetUnknown(NotFound):
    """The link that resets a password was used, has run out, was replaced or never existed (404)."""

    code = "identity.reset_unknown"
    title = "This link does not work any more"


class SignUpClosed(NotFound):
    """Nobody signs up by themselves here (404)."""

    code = "identity.sign_up_closed"
    title = "Nobody signs up here"


class SignUpUnknown(NotFound):
    """The link was used, has run out or never existed, or somebody has decided about the sign-up (404)."""

    code = "identity.sign_up_unknown"
    title = "There is no such sign-up any more"


class SignUpWaiting(NotAllowed):
    """The password is right, and whoever signed up with it was not approved yet (403)."""

    code = "identity.sign_up_waiting"
    title = "Your sign-up waits"


class NoMail(Conflict):
    """The program sends no mails, and what was asked for goes by mail alone (409)."""

    code = "identity.no_mail"
    title = "No mails are sent here"


class PersonUnknown(NotFound):
    """There is nobody with this id, or they were deleted (404)."""

    code = "identity.person_unknown"
    title = "This person is not here"


class LastOwner(Conflict):
    """The change would leave the program without an active owner (409)."""

    code = "identity.last_owner"
    title = "An owner must stay"


class RoleUnknown(NotFound):
    """There is no role with this key (404)."""

    code = "identity.role_unknown"
    title = "There is no such role"


class RoleIdReused(Conflict):
    """A role with this id exists and says something else (409)."""

    code = "identity.role_id_reused"
    title = "This id belongs to another role"


class RoleFixed(Conflict):
    """A built-in role keeps its name and stays, and the owner's keeps every right (409)."""

    code = "identity.role_fixed"
    title = "This role cannot be changed in this way"


class RoleHeld(Conflict):
    """Somebody has the role or is invited to it (409)."""

    code = "identity.role_held"
    title = "Somebody has this role"


class RecordsUnknown(InvalidInput):
    """The program has no kind of records of this name (422)."""

    code = "identity.records_unknown"
    title = "There are no such records"


class PermissionUnknown(InvalidInput):
    """The program has no permission of this name (422)."""

    code = "identity.permission_unknown"
    title = "There is no such permission"


class WrongFactor(DomainError):
    """The second factor was not accepted; a wrong code, a used one and an unknown passkey get the same answer (401)."""

    status = 401
    code = "identity.wrong_factor"
    title = "The second factor was not accepted"


class StepLost(DomainError):
    """The sign-in that waited for its second factor has ended, or was tried too often (401)."""

    status = 401
    code = "identity.step_lost"
    title = "Begin to sign in anew"


class TooManyFactorTries(TooManyRequests):
    """Codes of a second factor were tried too often; `Retry-After` says when to try again (429)."""

    code = "identity.too_many_factor_tries"
    title = "Too many wrong codes"


class CodeWrong(InvalidInput):
    """The code does not belong to the app that is being set up (422)."""

    code = "identity.code_wrong"
    title = "This code is wrong"

    @classmethod
    def of(cls, field: str, sentence: str) -> Self:
        """Return the refusal of one field."""
        return cls(sentence, errors=[FieldProblem(field, "wrong", sentence)])


class TotpNotBegun(Conflict):
    """No authenticator app is being set up, or it took longer than an hour (409)."""

    code = "identity.totp_not_begun"
    title = "Begin the set-up anew"


class FactorMissing(Conflict):
    """Recovery codes stand in for a factor that is not there (409)."""

    code = "identity.factor_missing"
    title = "Set up a second factor first"


class FactorRequired(Conflict):
    """The person's role must have a second factor, and this is the last (409)."""

    code = "identity.factor_required"
    title = "Your role needs a second factor"


class FactorUnknown(NotFound):
    """The person has no such second factor (404)."""

    code = "identity.factor_unknown"
    title = "There is no such second factor"


class FactorUnreadable(ServiceUnavailable):
    """The program's secret key is another one than when the factor or the PIN was set (503)."""

    code = "identity.factor_unreadable"
    title = "This cannot be checked"


class PasskeyRefused(InvalidInput):
    """The browser's answer is not what was asked for: another page, another challenge, no person verified (422)."""

    code = "identity.passkey_refused"
    title = "This passkey was not accepted"


class PasskeyKnown(Conflict):
    """The passkey is set up already (409)."""

    code = "identity.passkey_known"
    title = "This passkey is set up already"


class PasskeysNotHere(Conflict):
    """The page was opened by a number instead of a name (409)."""

    code = "identity.passkeys_not_here"
    title = "Passkeys do not work at this address"


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


class WrongPin(DomainError):
    """The PIN is not this person's, or they have none, or may not sign in at this device; which is not told (401)."""

    status = 401
    code = "identity.wrong_pin"
    title = "The PIN is wrong"


class PinRefused(InvalidInput):
    """The PIN is one that anybody would try first (422)."""

    code = "identity.pin_refused"
    title = "Choose another PIN"


class PinUnknown(NotFound):
    """No PIN is set (404)."""

    code = "identity.pin_unknown"
    title = "No PIN is set"


class NoStation(NotAllowed):
    """The browser is not enrolled for sign-in by PIN, or not any more (403)."""

    code = "identity.no_station"
    title = "PINs are not taken on this device"


class StationUnknown(NotFound):
    """There is no such device (404)."""

    code = "identity.station_unknown"
    title = "There is no such device"


class StationIdTaken(Conflict):
    """A device with this id was enrolled before (409)."""

    code = "identity.station_id_taken"
    title = "This device was enrolled before"


class PlaceUnknown(InvalidInput):
    """There is nothing with this id that a device can stand at (422)."""

    code = "identity.place_unknown"
    title = "Unknown place"


class ApprovalNeeded(NotAllowed):
    """The actor lacks the right, and somebody who has it may approve the act (403); `extra["permission"]` names it."""

    code = "identity.approval_needed"
    title = "Somebody else must approve this"


class ApprovalRefused(NotAllowed):
    """The approval was used, has run out, or was given for something else (403)."""

    code = "identity.approval_refused"
    title = "This approval does not count here"


class ApproverRefused(NotAllowed):
    """Whoever approved lacks the right as well, or it is their own act (403)."""

    code = "identity.approver_refused"
    title = "Somebody else must approve this"

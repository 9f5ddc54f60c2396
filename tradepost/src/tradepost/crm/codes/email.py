"""E-mail addresses: what is one, and what two of them are compared by (rule 31)."""

from email_validator import EmailNotValidError, validate_email


class InvalidEmail(ValueError):
    """The text is no e-mail address; the message says why."""


def email_key(address: str) -> str:
    """Return what `address` is compared by: the domain in IDNA form and lower case, the local part as typed.

    Providers' own rules (dots, plus signs) are left alone: they say nothing about who owns an address. Nothing is
    looked up. Raises InvalidEmail.
    """
    try:
        found = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError as failure:
        raise InvalidEmail(str(failure)) from failure
    return f"{found.local_part}@{found.ascii_domain.lower()}"

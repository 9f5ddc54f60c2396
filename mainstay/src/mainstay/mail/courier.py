"""Couriers: what hands a mail over, and the two ways in which it does not."""

from typing import Protocol

from mainstay.mail.message import Mail


class NotTaken(Exception):
    """The mail was not taken; `code` is stable, `told` what the server said of it."""

    def __init__(self, code: str, told: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.told = told


class NotNow(NotTaken):
    """It was not taken for a reason that may pass; `is_of_mail`: one of this mail, and not of the server."""

    def __init__(self, code: str, told: str = "", *, is_of_mail: bool = False) -> None:
        super().__init__(code, told)
        self.is_of_mail = is_of_mail


class Refused(NotTaken):
    """It will never be taken; `is_bounce`: because of its address, to which no other mail will get either."""

    def __init__(self, code: str, told: str = "", *, is_bounce: bool = False) -> None:
        super().__init__(code, told)
        self.is_bounce = is_bounce


class Courier(Protocol):
    """Hands mails over, one at a time or several side by side."""

    async def hand_over(self, mail: Mail) -> None:
        """Return when somebody else has taken the mail. Raises NotNow and Refused."""
        ...

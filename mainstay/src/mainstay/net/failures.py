"""Why a call to another service came to nothing, each reason by a stable code."""

from typing import Final

REFUSED_ADDRESS: Final = "refused_address"
BAD_URL: Final = "bad_url"
UNKNOWN_HOST: Final = "unknown_host"
UNREACHABLE: Final = "unreachable"
NOT_TRUSTED: Final = "not_trusted"
TIMEOUT: Final = "timeout"
BROKEN_OFF: Final = "broken_off"
TOO_LARGE: Final = "too_large"
LEFT_ALONE: Final = "left_alone"


class CallFailed(Exception):
    """There is no answer; `code` is the reason. No message names more than the host."""

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.code = code

    @property
    def is_unsent(self) -> bool:
        """Whether nothing of the request can have reached the service, so that it may be sent again."""
        return self.code in {UNREACHABLE, UNKNOWN_HOST}

    @property
    def is_ours(self) -> bool:
        """Whether the call was never tried because of what it is, which says nothing about the service."""
        return self.code in {REFUSED_ADDRESS, BAD_URL, LEFT_ALONE}


class AddressRefused(CallFailed):
    """The address is not one that this program may call."""

    def __init__(self, sentence: str, code: str = REFUSED_ADDRESS) -> None:
        super().__init__(sentence, code)

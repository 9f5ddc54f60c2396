"""What the operator reads when the program is ready."""

import ipaddress
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Ready:
    """What there is to say: where the program answers, where its data are, and what its modules want known."""

    title: str
    version: str
    address: str
    data: str
    notices: tuple[str, ...] = ()
    logs: Path | None = None
    network: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the lines for the operator; a path at the end of a notice becomes a full address."""
        lines = [f"{self.title} {self.version} is ready.", f"  Open  {self.address}"]
        lines += self.network
        lines += [f"  {full(notice, self.address)}" for notice in self.notices]
        lines.append(f"  Data  {self.data}")
        if self.logs is not None:
            lines.append(f"  Logs  {self.logs}")
        lines.append("  Stop with Ctrl C.")
        return "".join(f"{line}\n" for line in lines)


def full(notice: str, address: str) -> str:
    """Return `notice` with the path that may stand at its end completed by `address`."""
    text, _, last = notice.rpartition(" ")
    return f"{text} {address}{last}".strip() if last.startswith("/") else notice


def http_address(host: str, port: int, public_url: str | None = None, *, is_secure: bool = False) -> str:
    """Return the address that people open: the public one, or this machine's where only it (or any) is meant."""
    if public_url:
        return public_url.rstrip("/")
    scheme = "https" if is_secure else "http"
    with suppress(ValueError):  # it is a name
        number = ipaddress.ip_address(host)
        if number.is_loopback or number.is_unspecified:
            # Browsers take this name for as safe as HTTPS, cookies included.
            host = "localhost"
        elif number.version == 6:
            host = f"[{host}]"
    return f"{scheme}://{host}:{port}"

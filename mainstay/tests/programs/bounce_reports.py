"""Reports as mail servers send them (RFC 3464)."""


def report(address: str, *, action: str = "failed", status: str = "5.1.1", head: str = "To") -> bytes:
    """Return a report that came to `address`, on one recipient."""
    lines = [
        "From: MAILER-DAEMON@mx.example",
        f"{head}: {address}",
        "Subject: Undelivered Mail Returned to Sender",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        "",
        "--b",
        "Content-Type: text/plain",
        "",
        "This is the mail system.",
        "--b",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example",
        "",
        "Final-Recipient: rfc822; ada@engine.example",
        f"Action: {action}",
        f"Status: {status}",
        f"Diagnostic-Code: smtp; 550 {status} no such person",
        "",
        "--b--",
        "",
    ]
    return "\r\n".join(lines).encode()

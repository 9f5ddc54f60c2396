"""QR codes that lead a device to the page: as text for a terminal, as a picture for a page."""

import io

import segno


def terminal_code(address: str) -> str:
    """Return the code as lines of half blocks, for a terminal with light letters on dark ground."""
    out = io.StringIO()
    segno.make(address, error="m", micro=False).terminal(out, compact=True, border=2)
    return out.getvalue()


def picture(address: str) -> bytes:
    """Return the code as SVG, dark on light whatever is around it."""
    out = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(out, kind="svg", scale=6, border=4, dark="#000000", light="#ffffff", xmldecl=False, svgclass=None)
    return out.getvalue()

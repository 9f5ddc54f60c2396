"""Build the image, or look into one.

Usage: python -m tools.image build [--base BASE] [--output FILE] | scan IMAGE. BASE is an image or, as a tar file, the
root file system of a Debian; without it one is made from the machine's apt sources. Ends with 1 when it is refused.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from mainstay import clock
from tools.image import recipe
from tools.image.build import Refused, build
from tools.image.debian import CannotTell
from tools.image.oci import NotAnImage, opened
from tools.image.scan import scan
from tools.process import ROOT

TARGET = ROOT / ".data" / "image" / "tradepost.tar"


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog="tools.image")
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("build", help="build the image, and write it unless it is refused")
    making.add_argument("--base", type=Path, help="an image or a root file system (tar) to build on")
    making.add_argument("--output", type=Path, default=TARGET, help="where the archive is written")
    looking = commands.add_parser("scan", help="look into an image of Debian")
    looking.add_argument("image", type=Path)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "build":
            return make(chosen.base, chosen.output)
        with opened(chosen.image) as image:
            return told(scan(image, clock.now().date()))
    except (CannotTell, NotAnImage) as failure:
        return told([f"cannot tell: {failure}"])


def make(base: Path | None, target: Path) -> int:
    """Build the image; an archive that was there before stays when the new one is refused."""
    try:
        digest = build(recipe.load(), recipe.origin(), base, target.resolve())
    except Refused as refusal:
        return told(refusal.findings)
    print(f"{target}: {target.stat().st_size / 1e6:,.0f} MB, {digest}")
    return 0


def told(findings: Sequence[str]) -> int:
    """Print why an image is refused, if it is; return the exit code."""
    for line in findings:
        print(line)
    print(f"refused: {len(findings)} findings" if findings else "nothing is known against this image")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

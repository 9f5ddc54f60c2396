"""Have the fonts that draw every script on printed sheets of contacts; without them the sheets say what is missing.

Usage: python -m tools.fonts; it ends well also where they cannot be installed, because nothing else needs them.
"""

from pathlib import Path

from tools.process import install_from_system

FOLDER = Path("/usr/share/fonts")
PURPOSE = "A set of fonts for printed sheets of contacts"
# What each package brings that is looked for.
PACKAGES = {"fonts-noto-core": "NotoSansThai-Regular.ttf", "fonts-noto-cjk": "NotoSansCJK-Regular.ttc"}


def missing() -> list[str]:
    """Return the packages that are not installed."""
    return [package for package, file in PACKAGES.items() if not any(FOLDER.rglob(file))]


def need_fonts() -> None:
    """Install them with apt; stops where this user may not."""
    for package in missing():
        install_from_system(package, PURPOSE)


def main() -> None:
    """Install them where that is possible."""
    try:
        need_fonts()
    except SystemExit as failure:
        print(f"{failure}\nGoing on without: printed sheets of contacts will say which letters they lack.", flush=True)


if __name__ == "__main__":
    main()

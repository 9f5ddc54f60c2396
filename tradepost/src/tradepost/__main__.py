"""The command line: `tradepost …` or `python -m tradepost …`; it loads what the command needs and no more."""

from mainstay.bootstrap.launch import launch


def main() -> None:
    """Run the command line and exit."""
    launch("tradepost")


if __name__ == "__main__":
    main()

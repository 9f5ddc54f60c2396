"""The entry of a program's command line: loads what the command needs and nothing else.

The program and all its libraries take seconds to import. The parent of `serve` needs few of them, and starts the
processes that need the others at once, so that they import side by side.
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from mainstay.bootstrap.collecting import load_without_collecting
from mainstay.bootstrap.ending import end
from mainstay.errors import ConfigurationError

SERVE = "mainstay.bootstrap.serve"
ROLES = {
    "api": "mainstay.bootstrap.api_role",
    "worker": "mainstay.bootstrap.worker_role",
    "page": "mainstay.bootstrap.lan.page_role",
}
CLI = "mainstay.bootstrap.cli"


def launch(package: str) -> NoReturn:
    """Run the command line of the program in `package`, whose `main` module has `make_program` and `api`; then exit.

    A ConfigurationError becomes one sentence on standard error and exit code 2.
    """
    arguments = sys.argv[1:]
    try:
        code = _command(arguments)(package, arguments)
    except ConfigurationError as refusal:
        sys.stderr.write(f"{refusal}\n")
        code = 2
    except SystemExit as leaving:
        if not isinstance(leaving.code, int):
            raise
        code = leaving.code
    end(code)


def _command(arguments: Sequence[str]) -> Callable[[str, Sequence[str]], int]:
    """Return the `main` function of the module that handles these arguments."""
    if arguments[:1] == ["serve"]:
        name = SERVE
    elif arguments[:1] == ["child"] and len(arguments) == 2 and arguments[1] in ROLES:
        name = ROLES[arguments[1]]
    else:
        name = CLI
    if name != SERVE:
        load_without_collecting()
    main: Callable[[str, Sequence[str]], int] = importlib.import_module(name).main
    return main

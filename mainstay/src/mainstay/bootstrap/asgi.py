"""The API as other servers take it: made from what the environment says."""

from typing import TypeAlias

from fastapi import FastAPI

from mainstay.bootstrap.api import create_api
from mainstay.bootstrap.program import Program
from mainstay.bootstrap.runtime import required_keyring, required_url

# What a product's `main` hands out without knowing the web framework.
Application: TypeAlias = FastAPI


def api_from_environment(program: Program) -> Application:
    """Return the API of `program` with the settings, database and key of the environment.

    Raises ConfigurationError when one is missing or a boot check fails.
    """
    configuration = program.configuration()
    return create_api(
        program, configuration, required_url(program, configuration), required_keyring(program, configuration)
    )

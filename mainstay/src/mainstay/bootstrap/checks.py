"""The boot checks: what is wrong with a program's parts is said before it serves, in one sentence."""

from collections import Counter
from collections.abc import Iterator, Sequence

from mainstay.bootstrap.operations import program_operations
from mainstay.bootstrap.program import CORE_PREFIX, Program
from mainstay.db.models import Base
from mainstay.errors import ConfigurationError
from mainstay.keyring import accepted_keys
from mainstay.module import Authenticator, Module
from mainstay.permission import Permission, Records
from mainstay.settings import Configuration, CoreSettings, checked_secret
from mainstay.web.operation import Operation
from mainstay.web.problems import codes


def check_program(program: Program, found: Sequence[Operation] | None = None) -> None:
    """Raise ConfigurationError with one sentence for the first thing that is wrong with `program`.

    `found` are its operations, when they have been made already.
    """
    operations = program_operations(program) if found is None else found
    _check_names(program, operations)
    _check_routes(program, operations)
    for module in program.modules:
        _check_tables(module)
    _check_models(program)
    _check_caches(program)
    _check_jobs(program)
    _check_file_owners(program)
    authenticator_of(program)
    bearer_authenticator_of(program)
    try:
        codes()
    except ValueError as failure:
        raise ConfigurationError(str(failure)) from failure


def check_settings(configuration: Configuration) -> None:
    """Raise ConfigurationError when the secret key that was set is a sample or too weak; in production, any secret."""
    core = configuration.of(CoreSettings)
    if core.secret_key is not None:
        checked_secret(core.secret_key)
    accepted_keys(core.accepted_secret_keys)
    if core.environment == "production":
        configuration.refuse_samples()


def authenticator_of(program: Program) -> Authenticator:
    """Return what turns a session token into an actor; raises ConfigurationError unless there is exactly one."""
    found = [(module.name, module.authenticate) for module in program.modules if module.authenticate is not None]
    if len(found) != 1 or found[0][1] is None:
        names = ", ".join(name for name, _ in found) or "none"
        raise ConfigurationError(f"Exactly one module must bring an authenticator; found: {names}.")
    return found[0][1]


def bearer_authenticator_of(program: Program) -> Authenticator | None:
    """Return what turns a bearer's token into an actor; raises ConfigurationError when several modules bring it."""
    found = [module.authenticate_bearer for module in program.modules if module.authenticate_bearer is not None]
    if len(found) > 1:
        raise ConfigurationError("Only one module may bring an authenticator of bearers.")
    return found[0] if found else None


def _check_names(program: Program, operations: Sequence[Operation]) -> None:
    """Names are unique: of modules, permissions, events, jobs and schedules, and operations."""
    modules = program.modules
    kinds: dict[str, list[str]] = {
        "modules are": [module.name for module in modules],
        "permissions are": [permission.name for permission in program.permissions],
        "kinds of records are": [each.name for each in program.roles.records],
        "kinds of kept answers are": [kind.name for kind in program.caches],
        "events are": [event.name for module in modules for event in module.events],
        "kinds of notifications are": [kind.name for module in modules for kind in module.notifications],
        "jobs, schedules or loops are": [
            *(job.name for job in program.jobs),
            *(schedule.name for schedule in program.schedules),
            *(loop.name for loop in program.loops),
        ],
        "flags or experiments are": [
            *(each.key for each in program.flags),
            *(each.key for each in program.experiments),
        ],
        "operations are": [operation.unique_id for operation in operations],
    }
    for kind, names in kinds.items():
        for name, count in Counter(names).items():
            if count > 1:
                raise ConfigurationError(f"Two {kind} called {name}; names must differ.")


def _check_tables(module: Module) -> None:
    for model in module.models:
        if not model.__tablename__.startswith(f"{module.name}_"):
            raise ConfigurationError(
                f"The table {model.__tablename__} of the module {module.name} must be called {module.name}_…."
            )


def _check_routes(program: Program, operations: Sequence[Operation]) -> None:
    declared = {*program.permissions, *program.roles.records}
    for operation in operations:
        route = f"{', '.join(sorted(operation.verbs))} {operation.path_format}"
        if operation.right is None:
            raise ConfigurationError(f"The route {route} of the module {operation.module} names no permission.")
        for part in (operation.right, *operation.also):
            if isinstance(part, Permission | Records) and part not in declared:
                raise ConfigurationError(
                    f"The route {route} needs the permission {part.name}, which no module declares."
                )


def _check_models(program: Program) -> None:
    declared = {model for module in program.modules for model in module.models}
    for model in _models_of(program):
        if model not in declared and not model.__tablename__.startswith(CORE_PREFIX):
            raise ConfigurationError(f"The model {model.__name__} ({model.__tablename__}) is in no module's manifest.")


def _check_caches(program: Program) -> None:
    for kind in program.caches:
        for table in kind.tables:
            if table not in program.tables:
                raise ConfigurationError(
                    f"Answers of {kind.name} are read from {table}, which is no table of a module."
                )


def _check_jobs(program: Program) -> None:
    declared = {event for module in program.modules for event in module.events}
    for job in program.jobs:
        for event in job.answers:
            if event not in declared:
                raise ConfigurationError(f"The job {job.name} answers {event.name}, which no module declares.")


def _check_file_owners(program: Program) -> None:
    """Kinds of records with files are called differently, and their rights are declared."""
    owners = [owner for module in program.modules for owner in module.file_owners]
    for owner in owners:
        if sum(other.kind == owner.kind for other in owners) > 1:
            raise ConfigurationError(f"Two kinds of records with files are called {owner.kind}; names must differ.")
        for right in (owner.read, owner.write):
            if right not in program.permissions:
                raise ConfigurationError(
                    f"Files of {owner.kind} need the permission {right.name}, which no module declares."
                )


def _models_of(program: Program) -> Iterator[type[Base]]:
    """Yield the imported models of the product; Mainstay's built-in modules are there for those who want them."""
    packages = {name.partition(".")[0] for name in program.migrations} - {"mainstay"}
    models = (mapper.class_ for mapper in Base.registry.mappers)
    return (model for model in models if model.__module__.partition(".")[0] in packages)

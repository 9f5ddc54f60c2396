"""Every import rule of the architecture holds, and a planted violation of each is reported."""

import tomllib

import pytest

from tools.working_copy import Answer, WorkingCopy

PRODUCT = "tradepost/src/tradepost"
FOUNDATION = "mainstay/src/mainstay"

# The contract, the file that breaks it, the import in it, and what the report must name.
VIOLATIONS = [
    (
        "distributions",
        f"{FOUNDATION}/clock.py",
        "tradepost.money.currency",
        "mainstay.clock -> tradepost.money.currency",
    ),
    ("product", f"{PRODUCT}/stock/service.py", "tradepost.pos.api", "tradepost.stock.service -> tradepost.pos.api"),
    ("product", f"{PRODUCT}/loyalty/__init__.py", "tradepost.money.currency", "tradepost.loyalty"),
    ("product", f"{PRODUCT}/extras.py", "tradepost.money.currency", "tradepost.extras"),
    ("foundation", f"{FOUNDATION}/db/engine.py", "mainstay.work", "mainstay.db.engine -> mainstay.work"),
    ("foundation", f"{FOUNDATION}/ids.py", "mainstay.db.engine", "mainstay.ids -> mainstay.db.engine"),
    (
        "foundation",
        f"{FOUNDATION}/worker/__init__.py",
        "mainstay.web.routing",
        "mainstay.worker -> mainstay.web.routing",
    ),
    ("foundation", f"{FOUNDATION}/extras.py", "mainstay.clock", "mainstay.extras"),
    ("module-files", f"{PRODUCT}/stock/repository.py", "tradepost.stock.service", "tradepost.stock.repository"),
    ("module-files", f"{PRODUCT}/stock/jobs.py", "tradepost.stock.routes", "tradepost.stock.jobs"),
    ("module-files", f"{PRODUCT}/stock/utils.py", "tradepost.stock.models", "tradepost.stock.utils"),
    ("module-files", f"{PRODUCT}/stock/engine/__init__.py", "tradepost.stock.models", "tradepost.stock.engine"),
    (
        "module-files",
        f"{FOUNDATION}/modules/identity/models/people.py",
        "mainstay.modules.identity.service",
        "identity.models",
    ),
    ("front-doors", f"{PRODUCT}/pos/service/__init__.py", "tradepost.stock.repository", "tradepost.stock.repository"),
    ("front-doors", f"{PRODUCT}/main.py", "tradepost.stock.service", "tradepost.main -> tradepost.stock.service"),
    ("front-doors", f"{PRODUCT}/main.py", "tradepost.stock.api", "tradepost.main -> tradepost.stock.api"),
    ("web-framework", f"{PRODUCT}/stock/service.py", "fastapi", "tradepost.stock.service -> fastapi"),
    ("web-framework", f"{PRODUCT}/stock/jobs.py", "starlette", "tradepost.stock.jobs -> starlette"),
    ("web-framework", f"{PRODUCT}/stock/api.py", "mainstay.web.routing", "tradepost.stock.api -> mainstay.web.routing"),
    ("web-framework", f"{FOUNDATION}/work.py", "granian", "mainstay.work -> granian"),
    ("manifest", f"{PRODUCT}/stock/service.py", "mainstay.module", "tradepost.stock.service -> mainstay.module"),
    ("sql", f"{PRODUCT}/stock/routes.py", "sqlalchemy", "tradepost.stock.routes -> sqlalchemy"),
    ("sql", f"{PRODUCT}/stock/jobs.py", "sqlalchemy.orm", "tradepost.stock.jobs -> sqlalchemy"),
    ("sql", f"{PRODUCT}/stock/api.py", "asyncpg", "tradepost.stock.api -> asyncpg"),
    ("job-engine", f"{FOUNDATION}/work.py", "procrastinate", "mainstay.work -> procrastinate"),
    ("calls-out", f"{PRODUCT}/stock/service.py", "httpcore2", "tradepost.stock.service -> httpcore2"),
    ("calls-out", f"{FOUNDATION}/work.py", "httpx2", "mainstay.work -> httpx2"),
]


def lint(copy: WorkingCopy, *contracts: str) -> Answer:
    """Check the copy against the named contracts, or against all."""
    chosen = [word for contract in contracts for word in ("--contract", contract)]
    return copy.run("lint-imports", "--no-logo", "--no-cache", *chosen)


def test_the_repository_keeps_every_contract(copy: WorkingCopy) -> None:
    answer = lint(copy)
    assert answer.code == 0, answer.output
    with (copy.root / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    assert f"{len(contracts)} kept, 0 broken" in answer.output


@pytest.mark.long
@pytest.mark.parametrize(("contract", "file", "imported", "named"), VIOLATIONS)
def test_a_violation_is_reported(copy: WorkingCopy, contract: str, file: str, imported: str, named: str) -> None:
    copy.append(file, f"\nimport {imported}\n")
    answer = lint(copy, contract)
    assert answer.code == 1, answer.output
    assert "0 kept, 1 broken" in answer.output
    assert named in " ".join(answer.output.split())


@pytest.mark.long
@pytest.mark.parametrize(
    ("lower", "higher"),
    [("repository", "service"), ("service", "api"), ("api", "routes"), ("routes", "module"), ("models", "repository")],
)
def test_the_file_order_holds_for_a_module_that_comes_later(copy: WorkingCopy, lower: str, higher: str) -> None:
    for name in ("__init__", lower, higher):
        copy.append(f"{PRODUCT}/loyalty/{name}.py", '"""A module of another day."""\n')
    assert lint(copy, "module-files").code == 0
    copy.append(f"{PRODUCT}/loyalty/{lower}.py", f"import tradepost.loyalty.{higher}\n")
    answer = lint(copy, "module-files")
    assert answer.code == 1
    refusal = f"tradepost.loyalty.{lower} is not allowed to import tradepost.loyalty.{higher}"
    assert refusal in " ".join(answer.output.split())


def test_other_modules_may_enter_by_the_front_doors(copy: WorkingCopy) -> None:
    for door in ("api", "events"):
        copy.append(f"{PRODUCT}/insight/service.py", f"\nimport tradepost.stock.{door}\n")
    answer = lint(copy, "front-doors", "product")
    assert answer.code == 0, answer.output

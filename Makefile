# The commands of this repository; the work is done by the small programs in tools/. `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help run test long fuzz check dev bench speed slow match score timing drill setup lock api practices hooks advisories format clean rolling overload image

# Compiled modules are kept, whatever the environment wishes: without them every process compiles all libraries anew,
# and a start takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

PYTHON := sh tools/python.sh
# Locked programs first: Python's from .venv, Node and npm from .tools/node.
LOCKED := PATH="$(CURDIR)/.venv/bin:$(CURDIR)/.tools/node:$$PATH"

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: setup ## start the shop with sample data; prepares everything first
	@$(PYTHON) -m tools.fonts
	@$(LOCKED) exec tradepost serve --sample

test: setup ## run the suite with its coverage gates
	@$(PYTHON) -m tools.suite

long: setup ## run what `make test` leaves out: power cuts, mutations, drills of the runbooks
	@$(PYTHON) -m tools.suite --long

fuzz: setup ## attack every operation anew: 3,000 cases of a new seed; CASES=… SEED=… CASE=… to choose
	@$(PYTHON) -m tools.fuzz $(if $(CASES),--cases $(CASES)) $(if $(SEED),--seed $(SEED)) $(if $(CASE),--case $(CASE))

check: setup ## format, lint, types, contracts, migrations, generated files, secrets
	@$(PYTHON) -m tools.check

dev: setup ## run the program and the web app, both reloading on change
	@$(PYTHON) -m tools.dev

bench: setup ## measure the hot paths; results go to benchmarks/results
	@$(LOCKED) python -m benchmarks.run

speed: setup ## time the till in a browser: scan to line, key to paint with 300 lines
	@$(LOCKED) python -m benchmarks.speed

slow: setup ## measure what 2,000 slow connections do to honest callers, without and with HAProxy
	@$(LOCKED) python -m benchmarks.slow

overload: setup ## ask for twice what can be done, without and with HAProxy: goodput, refusals, payments, health
	@$(LOCKED) python -m benchmarks.overload

match: setup ## find known duplicates among 100,000 contacts in the database: precision, recall, times, memory
	@$(LOCKED) python -m benchmarks.matching

score: setup ## read made cards and compare with the truth; results go to benchmarks/results
	@$(LOCKED) python -m benchmarks.score

timing: setup ## see that the time of an answer does not tell whether the account exists: 400 pairs each, permutation test
	@$(LOCKED) python -m benchmarks.sign_in_times

drill: setup ## lose a disk of 2 GB on purpose and restore it: what is gone, and how long it takes; SIZE=… megabytes
	@$(LOCKED) python -m benchmarks.drill $(if $(SIZE),--size $(SIZE))

rolling: setup ## deploy to two servers behind the proxy and go back under 10,000 requests, of which none may fail; REQUESTS=…
	@PYTHONPATH=tradepost/tests/support:mainstay/tests/programs $(LOCKED) python -m benchmarks.rolling $(if $(REQUESTS),--requests $(REQUESTS))

image: setup ## build the container image and refuse it with a known hole in it; BASE=… to build on, IMAGE=… where it goes
	@$(PYTHON) -m tools.image build $(if $(BASE),--base $(BASE)) $(if $(IMAGE),--output $(IMAGE))

setup: ## install what is locked and build the web app, where not yet done
	@$(PYTHON) -m tools.setup

lock: ## resolve the Python dependencies anew and install them
	@$(PYTHON) -m tools.setup python
	@$(PYTHON) -m tools.lock
	@$(PYTHON) -m tools.setup python

api: ## write web/openapi.json and the web client from the routes
	@$(PYTHON) -m tools.setup web
	@$(PYTHON) -m tools.openapi

advisories: setup ## take the known vulnerabilities anew: PYTHON_DATABASE=clone:folder NPM_DATABASE="clone:folder …"
	@$(LOCKED) python -m tools.advisories $(if $(PYTHON_DATABASE),--python $(PYTHON_DATABASE)) $(if $(NPM_DATABASE),--npm $(NPM_DATABASE))

practices: ## write docs/practices.md and docs/rules.md from the tests
	@$(PYTHON) -m tools.practices

hooks: ## have git check every commit with .githooks
	@git config core.hooksPath .githooks

format: ## format the Python and web sources
	@$(LOCKED) sh -c "ruff check --quiet --fix-only . && ruff format --quiet ."
	@cd web && $(LOCKED) npm run --silent format

clean: ## remove everything that setup, test and check made; data stays
	@rm -rf .venv .tools build dist htmlcov test-results .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache
	@rm -rf .hypothesis .import_linter_cache web/node_modules web/dist tradepost/src/tradepost/static
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

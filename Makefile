# One set of commands everywhere; README.md tells what each is for.
PYTHON ?= $(or $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done),python3)
BIN := .venv/bin
SETUP = @$(PYTHON) improvement/services/bootstrap.py
PYTEST = $(BIN)/python -m pytest
UV = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --custom-compile-command "make lock"

.PHONY: run test soak check lint types imports migrations fix bench pictures frontend setup browser lock sbom

run:  ## everything on this machine, with the example partnership
	$(SETUP) run

setup:  ## what tests and checks need
	$(SETUP) test

frontend: setup  ## get and collect the front-end files

test: setup browser check  ## all checks and all tests but the long ones
	$(PYTEST) -m "not soak and not pictures" -n 2 $(PYTEST_ARGS)

soak: setup browser  ## the long walks and the faults
	$(PYTEST) -m "soak or fault" $(PYTEST_ARGS)

check: setup lint types imports migrations

lint:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	$(BIN)/mypy .

imports:
	$(BIN)/lint-imports

migrations:
	$(BIN)/python -m improvement.services.checking makemigrations --check --dry-run

fix: setup  ## what can be put right by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m improvement.services.checking create_max_migration_files --recreate

bench: setup  ## measure; each script in bench/ says what
	$(BIN)/python bench/run.py $(BENCH)

pictures: setup browser  ## the pictures in docs/, from the running product
	$(PYTEST) -m pictures $(PYTEST_ARGS)

browser:  ## a Chromium for the browser tests
	@$(BIN)/python -m improvement.services.chromium

lock: setup  ## choose versions anew: make lock UPGRADE=--upgrade
	$(UV) $(UPGRADE) requirements/run.in -o requirements/run.txt
	$(UV) $(UPGRADE) requirements/dev.in -c requirements/run.txt -o requirements/dev.txt
	$(BIN)/npm install --package-lock-only --no-audit --no-fund --ignore-scripts

sbom: setup  ## what the product runs with, in CycloneDX: var/sbom
	$(BIN)/python -m improvement.services.sbom

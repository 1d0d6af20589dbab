# make run    SiJINAK with demo data on http://127.0.0.1:8000
# make bank   a bank of play money on http://127.0.0.1:8100; then: set -a; . instance/bank.env; make run
# make test   the tests, on SQLite and in Chromium if it is there (SIJINAK_TEST_DATABASE names a PostgreSQL server)
# make check  format, lint, types, import contracts; the types of the phone's scripts if Node is there
# make bench  benchmarks, one JSON line each; ONLY=name for one of them

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNS := $(VENV)/.runs
DEVELOPS := $(VENV)/.develops
SCRIPTS := $(VENV)/.js
TSC := $(VENV)/js/node_modules/typescript

.PHONY: run bank test check bench lock messages vendor clean

run: $(RUNS)
	$(BIN)/sijinak setup
	$(BIN)/sijinak demo --bank instance/bank
	$(BIN)/sijinak serve

bank: $(RUNS)
	mkdir -p instance
	$(BIN)/sijinak sandbox-bank --demo-settings instance/bank.env
	$(BIN)/sijinak sandbox-bank

test: $(DEVELOPS) $(SCRIPTS)
	$(BIN)/python -m pytest -n 2 $(PYTEST_ARGS)

check: $(DEVELOPS) $(SCRIPTS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	if [ -d $(TSC) ]; then for part in pages workers; do node $(TSC)/bin/tsc -p tests/js/tsconfig.$$part.json || exit 1; done; fi

bench: $(DEVELOPS)
	$(BIN)/python -m benchmarks $(ONLY)

# The lock files name exact versions with their hashes, and no index.
lock: $(DEVELOPS)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-annotate --no-header --upgrade --group build \
	    pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-annotate --no-header --upgrade --group dev -c requirements.lock \
	    pyproject.toml -o requirements-dev.lock

# Make sijinak/static/vendor anew from its npm packages.
vendor:
	tools/vendor

# Collect the messages of code and templates into the catalogues.
messages: $(DEVELOPS)
	$(BIN)/python -m sijinak.web.catalogues

clean:
	rm -rf $(VENV) instance dist build

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "SiJINAK needs Python 3.11 or newer: make PYTHON=python3.11 run")'
	$(PYTHON) -m venv $(VENV)

$(RUNS): $(VENV)/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(DEVELOPS): $(RUNS) requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# What only the checks of the phone's scripts need. Without Node they are left out.
$(SCRIPTS): $(VENV)/bin/python tests/js/package.json tests/js/.npmrc
	if command -v node >/dev/null && command -v npm >/dev/null; then \
	    mkdir -p $(VENV)/js && cp tests/js/package.json tests/js/.npmrc $(VENV)/js/ && \
	    npm install --prefix $(VENV)/js --ignore-scripts --no-audit --no-fund --loglevel=error && touch $@; fi

# make demo: a playground on a fresh machine (Python 3.11+, venv, make). make test: everything that CI runs.
# PYTHON=python3.13 chooses the interpreter of both.

PYTHON ?= python3
DEMO   = .venv
VENV   = .venv-test
BIN    = $(VENV)/bin
PIP    = -m pip install --quiet --disable-pip-version-check

# Everything a wheel is made of: a change of any of these makes the demo install again.
SOURCES := pyproject.toml README.md LICENSE $(shell find src playbooks examples -type f ! -name '*.pyc' 2>/dev/null)

.PHONY: demo test check lint format types contract unit trust coverage wheel bench pin clean

demo: $(DEMO)/.installed
	@$(DEMO)/bin/followup demo

test: check unit wheel

check: lint types contract

lint: $(VENV)/.installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: $(VENV)/.installed
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: $(VENV)/.installed
	$(BIN)/mypy

contract: $(VENV)/.installed
	$(BIN)/lint-imports

unit: $(VENV)/.installed
	$(BIN)/python -m pytest -n auto

trust: $(VENV)/.installed
	HYPOTHESIS_PROFILE=full $(BIN)/python -m pytest -n auto -m trust

coverage: $(VENV)/.installed
	$(BIN)/python -m pytest -n auto --cov --cov-report=term

# The sdist, the wheel made from that sdist, and the wheel at work outside this checkout.
wheel: $(VENV)/.installed
	rm -rf build/dist
	$(BIN)/python -m build --no-isolation --outdir build/dist .
	sh .ci/check-wheel $(BIN)/python build/dist

# Times go to benchmarks/results.json as well; the year takes about a minute.
bench: $(VENV)/.installed
	$(BIN)/python -m benchmarks.planning
	$(BIN)/python -m benchmarks.year

# requirements-dev.txt: names, versions and hashes, and no address of any index.
pin: build/pin/bin/pip-compile
	build/pin/bin/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-annotate --no-header \
	    --no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	    --output-file requirements-dev.txt pyproject.toml requirements-dev.in

clean:
	rm -rf $(DEMO) $(VENV) build dist .coverage .coverage.* htmlcov .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find src tests benchmarks -type d -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# The stamps: a step is done again when what it was made from is newer.

$(DEMO)/.installed: $(SOURCES)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "followup needs Python 3.11 or newer: make demo PYTHON=python3.11")'
	@echo "Setting up $(DEMO) (once; about half a minute) ..."
	@$(PYTHON) -m venv $(DEMO)
	@$(DEMO)/bin/python $(PIP) .
	@touch $@

$(VENV)/.requirements: requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "followup needs Python 3.11 or newer: make test PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.installed: $(VENV)/.requirements pyproject.toml
	$(BIN)/python $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

build/pin/bin/pip-compile:
	$(PYTHON) -m venv build/pin
	build/pin/bin/python $(PIP) pip-tools

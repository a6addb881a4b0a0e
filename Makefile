# make demo | run | test | check | bench | soak | vectors | verifier | wheel | lock | clean        (PYTHON=python3.12 picks another interpreter)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DIR ?=
WORKERS ?= 3
LOCK_OPTIONS := --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-trusted-host --no-emit-options --no-emit-find-links $(UPGRADE)
PIP := $(BIN)/python -m pip --disable-pip-version-check
RUNS := $(VENV)/.ready-run
TESTS := $(VENV)/.ready-dev
SOAKS := $(VENV)/.ready-soak

.PHONY: help demo run test check bench soak vectors verifier wheel lock clean

help:
	@sed -n '1s/^# //p' Makefile

# The whole job on invented interviews. DIR=folder keeps everything there under fixed names.
demo: $(RUNS)
	$(BIN)/testimony demo $(if $(DIR),--dir "$(DIR)")

# The screens.
run: $(RUNS)
	$(BIN)/testimony

test: $(TESTS)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

check: $(TESTS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q -p no:cacheprovider tests/architecture $(wildcard tests/tui/test_strings.py)

# Each prints a ratio from one run.
bench: $(TESTS)
	@set -e; for script in bench/*.py; do echo "== $$script"; $(BIN)/python "$$script"; done

# The long figures, into docs/results/; ARGS="F7 F21-consent" runs some of them. Hours for all.
soak: $(SOAKS)
	$(BIN)/python tests/soak/run.py $(ARGS)

# Every conformance vector as files: DIR=folder. Then: python tests/conformance/run.py --verifier "…" --vectors folder
vectors: $(TESTS)
	@test -n "$(DIR)" || { echo "make vectors DIR=folder" >&2; exit 2; }
	PYTHONPATH=.:tests $(BIN)/python tests/vectors/catalogue.py "$(DIR)"

# The expert's command as one file, the same bytes from the same sources; it needs cryptography beside it.
verifier:
	@$(PYTHON) .ci/verifier_archive.py dist/testimony-verify.pyz

wheel: $(TESTS)
	$(BIN)/python -m build --wheel --no-isolation --outdir dist

# Hash-pinned, from the public index alone, whatever the local pip settings are.
# `make lock` keeps the versions; `make lock UPGRADE=--upgrade` takes the newest the ranges allow.
lock: export CUSTOM_COMPILE_COMMAND := make lock
lock: export PIP_CONFIG_FILE := /dev/null
lock: export PIP_FIND_LINKS :=
lock:
	$(BIN)/pip-compile $(LOCK_OPTIONS) --extra vault,tui,dev -o requirements/dev.txt pyproject.toml
	$(BIN)/pip-compile $(LOCK_OPTIONS) --extra vault,tui -c requirements/dev.txt -o requirements/run.txt pyproject.toml
	$(BIN)/pip-compile $(LOCK_OPTIONS) -c requirements/run.txt -o requirements/verify.txt pyproject.toml
	$(BIN)/pip-compile $(LOCK_OPTIONS) --extra vault,tui,dev,soak -c requirements/dev.txt -o requirements/soak.txt pyproject.toml
	$(BIN)/pip-compile $(LOCK_OPTIONS) -c requirements/dev.txt -o requirements/build.txt requirements/build.in

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (PYTHON=...)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) || { echo "python3-venv is needed, or a Python that brings venv" >&2; exit 1; }

$(RUNS): requirements/run.txt requirements/build.txt pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --no-deps --require-hashes -r requirements/run.txt -r requirements/build.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# The test lock contains the run lock, so one environment serves both.
$(TESTS): requirements/dev.txt requirements/build.txt pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --no-deps --require-hashes -r requirements/build.txt
	$(PIP) install --quiet --no-deps --require-hashes --no-build-isolation -r requirements/dev.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(RUNS)

$(SOAKS): requirements/soak.txt $(TESTS)
	$(PIP) install --quiet --no-deps --require-hashes --no-build-isolation -r requirements/soak.txt
	@touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage
	find keys testimony vault tui tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

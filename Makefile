# Two commands matter: `make demo` runs a town for a day, `make test` runs the tests.
# Each sets up its own environment first; nothing outside this folder is touched.

PYTHON ?= $(shell for p in python3.11 python3; do $$p -c "" 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
EXTRA ?= dev
JOBS ?= 2
ARGS ?=
MODEL ?= community

BIN := $(VENV)/bin
CORE := $(VENV)/.ready-core
READY := $(VENV)/.ready-$(EXTRA)

# Small arrays gain nothing from threads, and several runs at once lose much.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Compiled files are kept, else each process of the tests compiles them all again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo demo-migration model serve test lint style types docs bench js clean
.DEFAULT_GOAL := help

help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

setup: $(READY) ## build the environment with all that the tests need; EXTRA=llm for that extra alone

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)

# No extra: what a run by rules, a replay and their pictures need.
$(CORE): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing the package into $(VENV), once; this takes a minute or two."
	@$(BIN)/python -m pip install --quiet -c constraints.txt -e .
	@touch $@

# An extra on top of it; an environment keeps the extras that it was given before.
$(VENV)/.ready-%: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing the package with the extra '$*' into $(VENV), once; this takes some minutes."
	@$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[$*]'
	@touch $(CORE) $@

demo: $(CORE) ## simulate a day of 500 people; the last line names the picture
	$(BIN)/mesa-llm-city demo

demo-migration: $(VENV)/.ready-tabular ## train a migration decision on made-up rows and let it move people
	$(BIN)/python -m mesa_llm_city.models.return_migration.demo

model: $(CORE) ## run a model to its end, such as MODEL=community; ARGS="--citizens 100" and other options
	$(BIN)/mesa-llm-city run $(MODEL) $(ARGS)

serve: $(VENV)/.ready-viz ## show a town in the browser; ARGS="--citizens 1000" and other options of a run
	$(BIN)/mesa-llm-city serve town_day $(ARGS)

# With worksteal, neighbours in a file mostly share a process, and so their fixtures.
test: $(READY) ## run the tests in JOBS=2 processes; ARGS="-m 'not slow'" for the quick ones
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

lint: style types ## check style, format and types

style: $(READY) ## check style and format alone, which takes seconds
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(READY) ## check types alone, which takes minutes the first time
	$(BIN)/mypy

docs: $(READY) ## build the manual into docs/_build/html
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going docs docs/_build/html

bench: $(READY) ## run the benchmarks; each prints one JSON object
	@set -e; for program in benchmarks/*.py; do $(BIN)/python $$program; done

js: ## check, test and build the scripts of the page (needs Node.js 20.19 or newer)
	cd javascript && npm ci && npm run check && npm test && npm run build

clean: ## remove what was built; environments and runs stay
	rm -rf build dist docs/_build docs/reference/generated htmlcov .coverage
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find mesa_llm_city models tests benchmarks docs -name __pycache__ -prune -exec rm -rf {} +

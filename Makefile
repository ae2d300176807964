# Two commands matter: `make demo` runs a town for a day, `make test` runs the tests.
# Each sets up its own environment first; nothing outside this folder is touched.

PYTHON ?= $(shell for p in python3.11 python3; do $$p -c "" 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
EXTRA ?= dev
ARGS ?=

BIN := $(VENV)/bin
READY := $(VENV)/.ready-$(EXTRA)

# Small arrays gain nothing from threads, and several runs at once lose much.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup demo demo-migration test lint docs bench js clean
.DEFAULT_GOAL := help

help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

setup: $(READY) ## build the environment with all that the tests need

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)

$(READY): pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[$(EXTRA)]'
	@touch $@

demo: $(READY) ## simulate a day of 500 people; the last line names the picture
	$(BIN)/mesa-llm-city demo

demo-migration: $(READY) ## train a migration decision on made-up rows and let it move people
	$(BIN)/python -m mesa_llm_city.models.return_migration.demo

test: $(READY) ## run the tests; ARGS="-m 'not slow'" for the quick ones
	$(BIN)/python -m pytest $(ARGS)

lint: $(READY) ## check style, format and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
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

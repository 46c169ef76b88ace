# Two targets do everything on a fresh machine: `make demo` and `make test`. Both call `make setup` first.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
# The first of these that runs and is new enough: a name on PATH may be a shim for a version that is not there.
IN_RANGE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))
PYTHON ?= $(shell for name in python3.11 python3.12 python3; do \
	$$name -c '$(IN_RANGE)' 2>/dev/null && command -v $$name && break; done)
UV_VERSION := 0.13.9
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv

# The lake that targets look at, and the port of the notebooks.
LAKE ?= demo/lake
PORT ?= 8888

.PHONY: help setup demo cluster dashboard image notebooks screenshots test journeys mutants truth lint types contracts check clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: .venv/.ready ## Make .venv from uv.lock and get Delta's two JARs (once; then works without a network)
	@if bash .ci/java; then $(BIN)/lakehouse setup >/dev/null; \
		else echo "Without it all runs on Sail, but for what Sail cannot do: docs/engines.md" >&2; fi

.venv/.ready: uv.lock pyproject.toml
	@test -n '$(PYTHON)' && $(PYTHON) -c '$(IN_RANGE)' || \
		{ echo "Python 3.11 or 3.12 is needed: apt-get install python3.11 python3.11-venv (Debian), dnf install python3.11 (Fedora), brew install python@3.11 (macOS); then make setup PYTHON=python3.11" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is needed: apt-get install $$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])') (Debian)" >&2; exit 2; }
	@$(BIN)/python -c '$(IN_RANGE)' 2>/dev/null || { rm -rf .venv && $(PYTHON) -m venv .venv; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@$(BIN)/uv --version 2>/dev/null | grep -q ' $(UV_VERSION)\( \|$$\)' || \
		{ echo "installing uv $(UV_VERSION) into .venv"; $(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv==$(UV_VERSION)'; }
	@echo "installing the packages of uv.lock into .venv"
	@# Compiled once: where Python may keep no bytecode (PYTHONDONTWRITEBYTECODE), each start would compile all of it.
	@$(BIN)/uv sync --locked --quiet --inexact --compile-bytecode --extra ml --extra dashboard --extra images \
		--extra notebooks --extra postgres
	@$(BIN)/python -m compileall -q jobs lakehouse quality ml dashboard
	@if bash .ci/java 2>/dev/null; then echo "getting Delta's JARs, where they are not there yet"; $(BIN)/lakehouse setup; fi
	@touch $@

demo: setup ## Make a small shop, run the whole pipeline, say where to look
	@$(BIN)/python -m jobs.cli.demo

cluster: setup ## Start a cluster of Spark on this machine (lakehouse cluster down ends it)
	@$(BIN)/lakehouse cluster up

dashboard: setup ## Open the demo's lake (or LAKE=DIR) in the dashboard
	@test -d '$(LAKE)/ops' || { echo "there is no lake in $(LAKE) yet: make demo makes one, LAKE=DIR names another" >&2; exit 2; }
	@$(BIN)/lakehouse dashboard --lake '$(LAKE)'

image: ## Build the container image and try it: docker, podman, or as root buildah and debootstrap, without an engine
	@bash docker/build

notebooks: setup ## Open the notebooks in JupyterLab, on this machine alone, over LAKE (the demo's)
	@LAKEHOUSE_LAKE='$(abspath $(LAKE))' $(BIN)/jupyter lab --ip=127.0.0.1 --port=$(PORT) --notebook-dir=notebooks \
		$(if $(filter 0,$(shell id -u)),--allow-root)

screenshots: setup ## Take the pictures of README and docs (needs Debian's chromium), over LAKE=DIR
	@$(BIN)/python -m bench.screenshots docs/images --lake '$(LAKE)'

# Each process has a Spark session of its own, of some 3 GB; tests of one file share a process, and so its fixtures.
test: setup ## Pass the tests
	@$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile

journeys: setup ## Run the long tests too: lakes split, shuffled, killed, rolled back, by both engines (hours)
	@$(BIN)/python -m pytest -m long
	@if bash .ci/java 2>/dev/null; then TESTS_ENGINE=spark $(BIN)/python -m pytest -m long tests/journeys tests/gold; fi

# In the background of a working day: what is done is kept in .mutants/ and not done again. PROMISES=1 tries promises alone.
MUTANTS ?= 4
PROCESSES ?= 1
mutants: setup ## Put small faults into the code, one at a time: do the tests notice? (hours)
	@nice -n 15 $(BIN)/python -m bench.mutants --per-module '$(MUTANTS)' --processes '$(PROCESSES)' $(if $(PROMISES),--promises)

truth: setup ## Hold the intervals of campaigns against the truth of 20 shops (long)
	@$(BIN)/python -m bench.campaign_coverage --seeds 20

lint: setup ## Style: ruff
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: setup ## Types: mypy --strict
	@$(BIN)/mypy

contracts: setup ## Who may import whom: import-linter
	@$(BIN)/lint-imports

check: lint types contracts ## Style, types and contracts

clean: ## Take away what the targets made, but not the lake
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .mutants dist demo

# The verbs of this project. Each sets up what it needs by itself.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
LOCKS := deploy/locks
# Hashes and no address of an index, for every platform.
RESOLVE := $(BIN)/uv pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
PEERS := .venv-peers
DURATION ?=
ONLY ?=

.PHONY: help setup demo test check bench campaign peers lock clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(VENV)/.ready  ## make .venv with everything in it, from the hashed lock

$(VENV)/.ready: pyproject.toml $(LOCKS)/dev.txt $(LOCKS)/uv.txt deploy/setup.sh
	@bash deploy/setup.sh $(VENV)
	@touch $@

demo: setup  ## the whole simulated plant, the controller and its OPC UA server
	@$(BIN)/hearth demo $(if $(DURATION),--duration $(DURATION))

test: setup peers  ## every test: pure, scenario, wire, system
	@bash deploy/foreign.sh tests/system/node
	@$(BIN)/pytest -n 2 --dist worksteal -m "not system and not campaign"
	@$(BIN)/pytest -m "system and not campaign"

check: setup  ## format, lint, types, import contracts
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: setup  ## measure and write bench.json; ONLY=group for one group
	@$(BIN)/python -m tests.bench $(if $(ONLY),--only $(ONLY))

peers: setup $(PEERS)/.ready  ## make .venv-peers: programs of others that Hearth is compared with

$(PEERS)/.ready: $(LOCKS)/peers.txt
	@rm -rf $(PEERS)
	@python3 -m venv --without-pip $(PEERS)
	@UV_LINK_MODE=copy $(BIN)/uv pip sync --quiet --python $(PEERS)/bin/python --require-hashes $(LOCKS)/peers.txt
	@touch $@

campaign: setup peers  ## the long proofs
	@$(BIN)/pytest -m campaign --timeout 7200

lock:  ## resolve the dependencies anew (the only verb that changes the locks)
	@$(RESOLVE) --extra dev pyproject.toml -o $(LOCKS)/dev.txt
	@$(RESOLVE) -c $(LOCKS)/dev.txt pyproject.toml -o $(LOCKS)/runtime.txt
	@$(RESOLVE) $(LOCKS)/peers.in -o $(LOCKS)/peers.txt

clean:  ## remove what setup and runs have made
	rm -rf $(VENV) $(PEERS) bench.json .mypy_cache .ruff_cache .hypothesis .import_linter_cache

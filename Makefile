# Tamizdat: every command there is. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PORT ?= 8000
BIN := .venv/bin
RUN_MARK := .venv/.run
DEV_MARK := .venv/.dev
TOOLS_MARK := .cache/tools/.done
# Whole newsrooms, served as processes: these tests hardly compute, they wait for what is looked at
# every few seconds. They run beside all others, so that nothing waits for them.
SERVED := tamizdat/site/tests/databases tamizdat/site/tests/processes tests/drill
UNIT := --ignore=tests/journeys --ignore=tests/soak
# A good part of the time is waiting for servers, so two workers a core keep it busy. Tests keep their
# order: those that empty the databases come last.
WORKERS := $(shell n=$$(nproc); echo $$((n < 4 ? 2 * n : 8)))
SIDE_BY_SIDE := -n $(WORKERS)
# What must not grow with the archive: 100,000 articles in `make soak`, a handful in `make test`.
CLIFFS := tests/soak/test_cliffs.py
# Who keeps most, and has most to lose if a database is not as the other.
KEEPING := tamizdat/readers tamizdat/letters tamizdat/support tamizdat/desk/tests/test_articles.py \
	$(addprefix tamizdat/press/tests/,build/test_crash.py build/test_two_at_once.py \
		content/test_lists.py test_receivers.py) \
	tamizdat/site/tests/processes/test_isolation_law.py
# The desk's pages of letters, what a relay does and a year of forms are the same on both databases;
# `make soak` runs them there.
SAME := $(addprefix --ignore=,tamizdat/letters/tests/admin \
	tamizdat/letters/tests/providers/test_bad_relays.py \
	tamizdat/support/tests/wishes/test_a_year_of_forms.py)

# A test run starts hundreds of processes; without this each would compile the program again.
unexport PYTHONDONTWRITEBYTECODE

help: ## list these commands
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' Makefile

setup: $(RUN_MARK) ## make the environment; leaves .venv/bin/tamizdat

demo: setup ## make, publish and serve the demonstration newsroom (PORT=8000)
	@$(BIN)/tamizdat demo $(PORT)

test: tools $(DEV_MARK) ## everything that must be true before a change lands
	@$(MAKE) --no-print-directory -j3 lint house databases
	@$(MAKE) --no-print-directory -j2 unit served journeys postgresql smoke cliffs

lint: $(DEV_MARK) ## style, types, import contracts, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	TAMIZDAT_NEWSROOM=tests/newsroom $(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet tamizdat
	$(BIN)/codespell

unit: $(DEV_MARK) tools
	$(BIN)/pytest -q $(SIDE_BY_SIDE) $(UNIT) $(addprefix --ignore=,$(SERVED))

served: $(DEV_MARK) tools
	$(BIN)/pytest -q -n 3 --dist loadfile $(SERVED)

postgresql: $(DEV_MARK) tools databases
	TAMIZDAT_TEST_DATABASE=postgresql $(BIN)/pytest -q -n 2 $(KEEPING) $(SAME)

cliffs: cliffs-sqlite cliffs-postgresql

cliffs-%: $(DEV_MARK) tools
	TAMIZDAT_SOAK_ARTICLES=200 TAMIZDAT_TEST_DATABASE=$* $(BIN)/pytest -q -n 0 $(CLIFFS)

databases: $(DEV_MARK) tools
	@$(BIN)/python -m tests.databases

house: $(DEV_MARK)
	@$(BIN)/tamizdat demo 8200 --folder .cache/demo-8200 --prepare

journeys: $(DEV_MARK) tools house
	$(BIN)/pytest -q -n 2 --dist loadfile tests/journeys

smoke: $(DEV_MARK) house
	$(BIN)/python -m bench --smoke

bench: $(DEV_MARK) tools house ## measure; writes bench/results.json
	$(BIN)/python -m bench

soak: $(DEV_MARK) tools ## the long fault tests, and every room on PostgreSQL
	$(BIN)/pytest -q --whole -m soak $(SIDE_BY_SIDE) $(UNIT)
	TAMIZDAT_TEST_DATABASE=postgresql $(BIN)/pytest -q --whole $(SIDE_BY_SIDE) $(UNIT)
	$(BIN)/pytest -q tests/soak
	TAMIZDAT_TEST_DATABASE=postgresql $(BIN)/pytest -q $(CLIFFS)

fix: $(DEV_MARK) ## put style right where a tool can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

fates: $(DEV_MARK) ## renew the tables of what lies where, from the privacy contract
	$(BIN)/python -m tests.house.fates

tools: $(TOOLS_MARK)

$(TOOLS_MARK): tests/tools.sh tests/node/package.json tests/node/package-lock.json
	@bash tests/tools.sh .cache/tools
	@touch $@

.venv/bin/pip:
	python3 -m venv .venv

$(RUN_MARK): .venv/bin/pip requirements/run.txt pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_MARK): $(RUN_MARK) requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

.PHONY: help setup demo test lint unit served postgresql cliffs databases house journeys smoke bench soak fix fates tools

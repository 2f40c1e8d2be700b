# The two that matter: make run, make test. Each sets up what it needs.

PYTHON := $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p 2>/dev/null -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' && { echo $$p; break; }; done)
NPM := $(shell command -v npm 2>/dev/null)
BIN := .venv/bin
ifeq ($(origin AS),default)  # make itself has an AS: the assembler
AS := admin
endif

.DEFAULT_GOAL := help
.PHONY: help run test check faults soak bench lock format chromium screenshots fit

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

.venv/runtime: requirements.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed; none was found on this machine."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/development: requirements-dev.txt .venv/runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

node_modules/.installed: package.json package-lock.json
ifeq ($(NPM),)
	@echo "npm is not on this machine: the Agents Playground is left out."
else
	@npm ci --no-audit --no-fund --loglevel=error && touch $@ \
	|| echo "npm could not install the Agents Playground: it is left out."
endif

run: .venv/runtime node_modules/.installed ## the bot with the demonstration organisation, and the Agents Playground; AS=chef for another person
	@$(BIN)/python -m bot.local_run $(AS)

# Root on Debian gets the browser that the tests drive; anybody else installs one, or those tests are left out and say so.
chromium:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || test "$$(id -u)" != 0 \
	|| ! command -v apt-get >/dev/null \
	|| { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	     chromium fonts-liberation fonts-noto-color-emoji >/dev/null; } \
	|| echo "Chromium could not be installed."

test: .venv/development node_modules/.installed chromium ## every test
	@$(BIN)/python -m pytest $(ARGS)

screenshots: .venv/development node_modules/.installed chromium ## the pictures in the README, taken anew from a real Playground
	@SCREENSHOTS=tests/browser/screenshots $(BIN)/python -m pytest tests/browser/test_story.py tests/browser/test_request_story.py

check: .venv/development ## format, lint, types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: .venv/development ## puts the format right
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

faults: .venv/development ## kills, full disks, flipped bits, double clicks: whole, a quarter of an hour
	@FAULTS=whole $(BIN)/python -m pytest -s tests/faults tests/scenario/test_two_instances.py --ignore tests/faults/test_soak.py $(ARGS)

soak: .venv/development ## ten minutes of everything at once, or SOAK_MINUTES
	@FAULTS=whole $(BIN)/python -m pytest tests/faults/test_soak.py -s $(ARGS)

bench: .venv/development ## the goals beside what is measured here, ten minutes; QUICK=1 for a minute
	@$(BIN)/python -m tests.bench $(ARGS)

fit: .venv/development ## trains the policy answers anew, after a change of the guideline, the question bank or the word lists
	@OMP_NUM_THREADS=1 $(BIN)/python -m bot.policy.fitting

lock: .venv/development ## pins requirements*.in anew, with hashes
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@for one in requirements requirements-dev; do \
	  $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	    --custom-compile-command "make lock" $$one.in -o $$one.txt; done

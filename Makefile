# The few verbs of the house: the same here, in CI and in the README.
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
# The stories wait for processes most of the time: three at once use two cores better than two.
WORKERS ?= 3
MINUTES ?= 5

.PHONY: run test check bench soak chaos format audit lock help

help: ## the verbs
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

run: $(VENV)/run ## start the bot; without DISCORD_TOKEN also the sandbox and its page
	@$(BIN)/matchday run

test: $(VENV)/dev ## every test
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup

check: $(VENV)/dev ## format, lint, types, import contracts, data
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/matchday data check

bench: $(VENV)/dev ## every figure beside a bare client; writes docs/bench.md and what the README quotes, asserts nothing
	$(BIN)/python -m bench

soak: $(VENV)/dev ## a day of the season in minutes, with faults; writes docs/soak.md, asserts nothing (MINUTES=5)
	$(BIN)/python -m bench.soak --minutes $(MINUTES)

chaos: $(VENV)/dev ## every fault against the sandbox, whole: 500 and 2,000 reminders; writes a table
	$(BIN)/python -m tests.faults

format: $(VENV)/dev ## put the layout right
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

audit: ## known holes of the locked dependencies, where pip-audit is installed; a report, which never fails
	@.ci/audit

lock: $(VENV)/dev ## write both locks again
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		pyproject.toml requirements/build.in -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev \
		pyproject.toml requirements/build.in -o requirements/dev.txt

# The environment is made once and made again when a lock changes.
$(VENV)/python:
	@test -n "$(PYTHON)" || { echo "Matchday needs Python 3.11 or newer; none was found. Install it, or run make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Making the environment in $(VENV) (once)."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/run: $(VENV)/python requirements/run.txt pyproject.toml
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/run requirements/dev.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

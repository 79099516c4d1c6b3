# Everything one does with Crossroads. `make run` and `make test` set themselves up.

PYTHON ?= python3
DEMO ?= 1
BIN := .venv/bin
FLASK := $(BIN)/flask --app wsgi
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
BYTECODE := $(BIN)/python -m compileall -q wsgi.py forum migrations
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --no-emit-find-links

.DELETE_ON_ERROR:
.PHONY: help run test check format fuzz bench bench-quick bench-mail bench-delivery bench-draining bench-keys \
	bench-signing-in bench-undoing lock clean

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*  ## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST)

run: .venv/installed .env  ## Serve on http://127.0.0.1:8000 (HOST, PORT, WEB_CONCURRENCY, DEMO=0)
	@$(FLASK) db upgrade
	@test "$(DEMO)" = 0 || $(FLASK) demo
	@exec $(FLASK) serve

test: .venv/installed-dev  ## Run the tests on SQLite, PostgreSQL and Redis (ARGS="-k name")
	$(BIN)/python -m pytest $(ARGS)

check: .venv/installed-dev  ## Format, lint, types, import order and tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest $(ARGS)

format: .venv/installed-dev  ## Format the code and repair what can be repaired
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

fuzz: .venv/installed-dev  ## Send generated requests for a long time
	$(BIN)/python -m pytest -m fuzz --hypothesis-profile=fuzz $(ARGS)

bench: .venv/installed-dev  ## Measure beside what Flask can do at all and beside Isso: half an hour
	$(BIN)/python -m benchmarks --replies 1000000 --seconds 5 --name full $(ARGS)

bench-quick: .venv/installed-dev  ## Measure the most common work: about a minute
	$(BIN)/python -m benchmarks --replies 20000 --seconds 1 --runs 1 --against ceiling --name quick \
		--only page,page-missed,signed-in,counts,feed,feed-unchanged,reply,vote,mix $(ARGS)

bench-mail: .venv/installed-dev  ## Measure what requests notice of a mail server that hangs: 20 minutes
	$(BIN)/python -m benchmarks.hanging_mail $(ARGS)

bench-delivery: .venv/installed-dev  ## Measure webhooks while workers are killed and receivers hang: 10 minutes
	$(BIN)/python -m benchmarks.delivery $(ARGS)

bench-draining: .venv/installed-dev  ## Let 16 moderators drain a queue of 2,000 items: 5 minutes
	$(BIN)/python -m benchmarks.draining $(ARGS)

bench-signing-in: .venv/installed-dev  ## Tell refused sign-ins apart by their time: 10 minutes
	$(BIN)/python -m benchmarks.signing_in $(ARGS)

bench-keys: .venv/installed-dev  ## Replay refresh tokens and race for names: 5 minutes
	$(BIN)/python -m benchmarks.keys $(ARGS)

bench-undoing: .venv/installed-dev  ## Act and undo at random, and look for anything that is not right: 5 minutes
	$(BIN)/python -m benchmarks.undoing $(ARGS)

lock: .venv/installed-dev  ## Compile the locks from pyproject.toml (ARGS=--upgrade)
	$(COMPILE) --output-file requirements.txt $(ARGS)
	$(COMPILE) --output-file requirements-dev.txt --extra dev --constraint requirements.txt $(ARGS)

clean:  ## Remove the environment and every cache, but no data
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(PYTHON) -m venv .venv

.venv/installed: requirements.txt | .venv/bin/python
	$(PIP) --requirement requirements.txt
	@$(BYTECODE)
	@touch $@

.venv/installed-dev: requirements-dev.txt | .venv/bin/python
	$(PIP) --requirement requirements-dev.txt
	@$(BYTECODE)
	@touch $@

.env: | .venv/bin/python
	@umask 077; $(BIN)/python -c 'import secrets; \
	print("# Settings of this machine; .env.example explains them all."); \
	print(f"FORUM_SECRET_KEY={secrets.token_urlsafe(48)}")' > $@

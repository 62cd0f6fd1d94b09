# make run: install and open the app on sample data · make test: install and run every test · make help: the rest
.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

PYTHON ?= $(shell sh .ci/python.sh)
HOST ?= 127.0.0.1
PORT ?= 8501
PEOPLE ?= 1000000
ONLY ?=
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --no-input --quiet

export PIP_ROOT_USER_ACTION := ignore

.PHONY: help install install-dev run check test sample docs bench bench-ingest bench-queries prove clean

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "make %-12s %s\n", $$1, $$2}'

install: .venv/.installed ## What the app needs, into .venv
install-dev: .venv/.installed-dev ## What the tests and checks need on top

run: .venv/.installed ## Open the app (sample data until you load your own)
	$(BIN)/streamlit run app.py --server.address $(HOST) --server.port $(PORT) --server.showEmailPrompt false

check: .venv/.installed-dev ## Lint, format, types, SQL
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/sqlfluff lint --disable-progress-bar --nocolor queries

test: .venv/.installed-dev ## Every test (gets a Chromium from the system's packages when it can)
	@sh .ci/chromium.sh
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

sample: .venv/.installed ## Write the sample exports again
	$(BIN)/python -m scorecard sample --out data/sample

docs: .venv/.installed ## Write docs/glossary.md and docs/queries.md again
	$(BIN)/python docs/generate.py

bench: .venv/.installed-dev ## Time loading and every page at 100,000 people; prints only
	$(BIN)/python benchmarks/million.py --people 100000

bench-queries: .venv/.installed-dev ## What the snapshot answers against SQL on base tables, pandas and polars, at PEOPLE people (1,000,000)
	$(BIN)/python benchmarks/win_curves.py
	$(BIN)/python benchmarks/queries.py --people $(PEOPLE)
	$(BIN)/python benchmarks/growth.py --people $(PEOPLE)

bench-ingest: .venv/.installed-dev ## A validated load against a bare copy of the same files, at PEOPLE people (1,000,000)
	$(BIN)/python benchmarks/ingest.py --people $(PEOPLE)

prove: .venv/.installed-dev ## The long proofs (hours), or one: make prove ONLY=kills; writes docs/proof.md
	$(BIN)/python benchmarks/prove.py --people $(PEOPLE) --only "$(ONLY)"

clean: ## Remove what was built, never data/store
	rm -rf build .pytest_cache .ruff_cache .venv

.venv/bin/python:
	sh .ci/venv.sh "$(PYTHON)"

.venv/.installed: requirements.txt | .venv/bin/python
	$(PIP) -r requirements.txt
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	$(PIP) -r requirements-dev.txt
	@touch $@

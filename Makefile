# `make` runs every check that CI runs. PYTHON is the interpreter of an environment in which
# covidxr is installed with its `dev` extra: `pip install -c constraints.txt -e ".[dev]"`.
PYTHON ?= python
MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := check

SOURCES := src tests tools benchmarks

# What is left to check when the tests have run: CI runs them through README's own command.
.PHONY: check-rest
check-rest: format-check lint types imports docs collection-check

.PHONY: check format-check lint types imports tests docs collection-check
check: format-check lint types imports tests docs collection-check ## every check that CI runs

format-check: ## is everything formatted?
	$(PYTHON) -m ruff format --check $(SOURCES)

lint: ## ruff
	$(PYTHON) -m ruff check $(SOURCES)

types: ## mypy, strict
	$(PYTHON) -m mypy

imports: ## who may import whom
	$(PYTHON) -c "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())" --no-cache

tests: ## all tests
	$(PYTHON) -m pytest -q

docs: ## is what is generated up to date?
	$(PYTHON) -m covidxr schema --check
	$(PYTHON) -m covidxr rules --check docs/rules.md
	$(PYTHON) -m covidxr sources --check docs/sources.md
	$(PYTHON) -m covidxr candidates schema --check docs/case.schema.json

collection-check: ## the collection of this repository
	$(PYTHON) -m covidxr validate --images full --fail-on info
	$(PYTHON) -m covidxr stats --check README.md

.PHONY: format collection generated benchmark live help
format: ## format and mend what ruff can
	$(PYTHON) -m ruff format $(SOURCES)
	$(PYTHON) -m ruff check --fix $(SOURCES)

collection: ## draw the synthetic reference collection again
	$(PYTHON) tools/draw_collection.py

generated: ## renew SCHEMA.md, the generated pages of docs/, README's table and its chart
	$(PYTHON) -m covidxr schema --write
	$(PYTHON) -m covidxr rules --write docs/rules.md
	$(PYTHON) -m covidxr sources --write docs/sources.md
	$(PYTHON) -m covidxr candidates schema --write docs/case.schema.json
	$(PYTHON) -m covidxr stats --write README.md
	$(PYTHON) -m covidxr stats --plot docs/labels.svg

benchmark: ## measure what README says of speed (some minutes)
	$(PYTHON) benchmarks/run.py --large
	$(PYTHON) benchmarks/bench_images.py
	$(PYTHON) benchmarks/bench_facts.py
	$(PYTHON) benchmarks/bench_duplicates.py
	$(PYTHON) benchmarks/bench_scrape.py
	$(PYTHON) benchmarks/bench_figures.py
	$(PYTHON) benchmarks/bench_panels.py
	$(PYTHON) benchmarks/bench_review.py
	$(PYTHON) benchmarks/bench_export.py
	$(PYTHON) benchmarks/bench_diff.py
	$(PYTHON) benchmarks/bench_split.py

live: ## ask each source's site for its example, once: fine, changed or gone (needs the network)
	$(PYTHON) -m covidxr sources --live

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

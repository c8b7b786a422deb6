# Two commands set up everything and run it: `make anam` and `make test`. A second run sets nothing up again.
# make exits with 2 whatever failed; scripts/anam.sh is `make anam` with the suite's own exit codes.
PYTHON ?=
PLUGIN ?=
SECONDS ?= 60
SEED ?=
RUNS ?=
ONLY ?=
JSON ?=
PROOF ?=
BIN := .venv/bin
WORKERS ?=
export PYTHON PLUGIN WORKERS

.PHONY: help anam test mutants steady fuzz check history bench setup clean
.DEFAULT_GOAL := help

help:
	@echo "make anam              judge the published livekit-plugins-anam (PLUGIN=1.8.0 names another version)"
	@echo "                       by three processes; WORKERS=1 judges one case after the other"
	@echo "scripts/anam.sh        the same, for scripts: it exits with the suite's own code (docs/architecture.md)"
	@echo "make test              all tests of the project, and the Anam suite"
	@echo "make fuzz              the mock against its contract, for long (SECONDS=600 names a time, SEED=7 repeats one round)"
	@echo "make history           published plugins over their versions, into docs/conformance.md (FRESH=1 judges all of them again)"
	@echo "make mutants           the judge is judged: plugins that are wrong in one known way (ONLY=status_lost, JSON=FILE, PROOF=1)"
	@echo "make steady            the Anam suite twenty times beside a busy core: no verdict may change (RUNS=5)"
	@echo "make bench             the speed table"
	@echo "make check             ruff and mypy"
	@echo "make clean             remove .venv (the plugins' environments are in the cache: ~/.cache/mockvendors)"
	@echo "PYTHON=python3.12      with any of them: the interpreter to set up with, Python 3.11 or newer"

setup:
	@scripts/setup.sh

anam: setup
	@scripts/anam.sh

# sys alone is captured: what a native library says before it aborts goes to the process's own stderr, and is not lost with it
test: setup
	@scripts/ensure_docker.sh
	$(BIN)/python -m pytest --capture=sys

fuzz: setup
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS) $(if $(SEED),--seed $(SEED))

steady: setup
	$(BIN)/python -m tests.steady $(if $(RUNS),--runs $(RUNS))

mutants: setup
	$(BIN)/python -m tests.mutants $(if $(PROOF),--proof) $(if $(filter all,$(PROOF)),--every-one) $(if $(JSON),--json '$(JSON)') \
		$(if $(ONLY),--only $(foreach name,$(ONLY),'$(name)'))

check: setup
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

history: setup
	$(BIN)/mockvendors history suites/anam/history.toml --write docs/conformance.md $(if $(FRESH),--fresh)

bench: setup
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv

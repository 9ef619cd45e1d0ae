# Two commands set everything up: `make run` opens the reviewer, `make test` passes the tests.
PYTHON ?= python3
READY := .venv/.reviewer-ready
RELEASE := .venv/.release-ready
BIN := .venv/bin

.PHONY: run test check prove-offline soak wheels eval bench clean docs lock sbom

run: $(READY)
	@$(BIN)/reviewer

# Tests of different files run beside one another, those that measure time by themselves afterwards.
JOBS ?= 2
test: $(READY)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -m "not alone"
	$(BIN)/python -m pytest -m alone

check: $(READY)
	$(BIN)/ruff format --check reviewer tests tools
	$(BIN)/ruff check reviewer tests tools
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory test

# The whole test suite in a network namespace under packet capture; PART names tests to run instead of all.
PART ?=
prove-offline: $(READY)
	@$(BIN)/python -m tests.offline $(PART)

# Everything that takes long: kills, memory over many reviews, the suite under capture; it ends at the first script that
# does not find what docs/reliability.md wishes.
soak: $(READY)
	$(BIN)/python -m tests.bench.audit_kills 400
	$(BIN)/python -m tests.bench.faults
	$(BIN)/python -m tests.bench.kills 200
	$(BIN)/python -m tests.bench.failing 200
	$(BIN)/python -m tests.bench.damage every
	$(BIN)/python -m tests.bench.many_files 1000000
	$(BIN)/python -m tests.bench.crashes 20
	$(BIN)/python -m tests.bench.bombs
	$(BIN)/python -m tests.bench.disguises
	$(BIN)/python -m tests.bench.patterns 65536
	$(BIN)/python -m tests.bench.terminal_life 200
	$(BIN)/python -m tests.bench.traces 20
	$(BIN)/python -m tests.bench.turns 600
	$(BIN)/python -m tests.bench.log_turns 8 20
	$(BIN)/python -m tests.bench.hostile_texts 1
	$(BIN)/python -m tests.bench.hostile_screens 1
	$(BIN)/python -m tests.bench.raised 1
	$(BIN)/python -m tests.bench.power.losses
	$(BIN)/python -m tests.bench.memory
	$(BIN)/python -m tests.bench.cgroup
	$(BIN)/python -m tests.bench.determinism 20
	$(BIN)/python -m tests.bench.injections
	$(BIN)/python -m tests.bench.wrong_keys 200
	$(BIN)/python -m tools.wheels
	$(BIN)/python -m tests.bench.station
	$(BIN)/python -m tests.bench.soak rules 10000
	$(BIN)/python -m tests.bench.soak full 1000
	$(BIN)/python -m tests.offline

# What a station without a network is installed from (docs/air-gapped.md).
wheels: $(READY)
	@$(BIN)/python -m tools.wheels

# Quality from a fresh run: cross-validation on the precedents, matching on generated drafts, the labelled drafts of DEV
# in one table and once more stripped, and each file of EVAL in a table of its own.
DEV ?= $(wildcard ../shared/eval/dev-violations.jsonl ../shared/eval/dev-benign.jsonl)
EVAL ?= $(wildcard ../shared/eval/dev-twins.jsonl) $(addprefix tests/heldout/,$(addsuffix .jsonl,work pairs short long heaps))
eval: $(READY)
	$(BIN)/reviewer calibrate --dry-run
	$(BIN)/python -m tests.bench.matching
	@if [ -n "$(DEV)" ]; then $(BIN)/reviewer eval --pooled $(DEV) && $(BIN)/reviewer eval --pooled --stripped $(DEV); fi
	$(BIN)/reviewer eval $(EVAL)

bench: $(READY)
	$(BIN)/reviewer bench

docs: $(READY)
	$(BIN)/python -m reviewer.cli.schema > docs/review.schema.json
	$(BIN)/python -m reviewer.cli.manual > docs/reviewer.1
	$(BIN)/python -m reviewer.detectors.page tests/cases > docs/rules.md
	@echo "README: put the output of python -m tests.samples.table between its markers"

# What the program is made of: docs/sbom.json (CycloneDX) and docs/licences.md.
sbom: $(RELEASE)
	$(BIN)/python -m tools.sbom

# The lock files anew from pyproject.toml, with hashes; UPGRADE=--upgrade takes newer releases.
UPGRADE ?=
lock: $(RELEASE)
	$(BIN)/python -m tools.lock $(UPGRADE)

$(RELEASE): $(READY) requirements-release.lock
	@$(BIN)/python -m pip install --quiet --no-deps --require-hashes --only-binary :all: -r requirements-release.lock
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build

$(READY): requirements.lock requirements-cuda.lock pyproject.toml models.txt reviewer/bootstrap.py
	@$(PYTHON) reviewer/bootstrap.py

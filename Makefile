# The verbs of this project. `make demo` and `make test` set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TOOLS := $(CURDIR)/.tools
PEERS := .peers
export DEVOPS_TOOLS := $(TOOLS)/bin

.PHONY: setup demo check test test-execute golden routing bench bench-routing bench-embeddings bench-real bench-reading bench-review tools record new-specialist requirements clean

setup: $(VENV)/.ready ## a virtual environment with every pinned dependency

$(VENV)/.ready: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup ## the main job, on a bundled example application, in a scratch folder
	@$(BIN)/python scripts/demo.py

check: setup ## format, lint, types, import floors, spelling
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell --ignore-words-list projet README.md CHANGELOG.md CONTRIBUTING.md docs/en docs/adr

test: check ## everything that is fast: the gates above, then all tests
	$(BIN)/pytest -n auto -m "not execute"

test-execute: setup ## real servers and long runs
	$(BIN)/pytest -m execute

golden: setup ## write the golden files again; read the diff before you commit it
	$(BIN)/python -m tests.golden

routing: setup ## compile the routing table from the rooms' requests
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-train.txt
	$(BIN)/python -m scripts.routing_requests
	$(BIN)/python scripts/build_routing.py
	$(BIN)/python -m scripts.build_cues

bench: setup ## whole-process times as ratios, and the time of one decision
	$(BIN)/python benchmarks/speed.py

bench-routing: setup $(PEERS)/.ready ## accuracy of routing and of parameters, beside the peers that are there
	$(BIN)/python benchmarks/routing/measure.py --peers $(PEERS)/bin/python

bench-embeddings: $(PEERS)/.embeddings bench-routing ## the same with semantic-router, which brings torch (gigabytes)

$(PEERS)/.ready: requirements-bench.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@

$(PEERS)/.embeddings: requirements-embeddings.txt $(PEERS)/.ready
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-embeddings.txt
	@touch $@

bench-real: setup ## the catalog's example requests on the real repositories in the folder REPOS
	$(BIN)/python benchmarks/real.py

bench-review: setup ## planted defects; those of real repositories (REPOS, DEFECTS); linters' own test inputs (HADOLINT, ZIZMOR …)
	$(BIN)/python benchmarks/review/planted.py
	if [ -n "$(DEFECTS)" ]; then $(BIN)/python benchmarks/review/real.py $(DEFECTS); else echo "DEFECTS not given: not compared"; fi
	$(BIN)/python benchmarks/review/public.py

bench-reading: setup ## facts of real repositories (REPOS, FACTS), beside RAILPACK and NIXPACKS (their checkouts)
	$(BIN)/python benchmarks/reading/facts.py $(FACTS)
	$(BIN)/python benchmarks/reading/peers.py
	$(BIN)/python benchmarks/reading/speed.py
	$(BIN)/python benchmarks/reading/big.py

tools: ## linters that are Go programs, where Go is; each one that cannot be had is named
	@scripts/tools.sh $(TOOLS)/bin

record: setup ## the terminal picture of the README
	$(BIN)/python scripts/record.py

new-specialist: setup ## make new-specialist ID=containers/buildpacks
	$(BIN)/python scripts/new_specialist.py $(ID)

requirements: setup ## pin the dependencies again, with hashes and without an index
	$(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --no-header --extra linters --extra dev --output-file requirements.txt pyproject.toml
	$(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --no-header --extra train --output-file requirements-train.txt pyproject.toml
	$(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --no-header --extra bench --output-file requirements-bench.txt pyproject.toml
	$(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes --strip-extras --no-emit-index-url --no-emit-find-links \
	  --no-emit-trusted-host --no-header --extra bench --extra embeddings --output-file requirements-embeddings.txt pyproject.toml

clean:
	rm -rf $(VENV) $(TOOLS) $(PEERS) build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

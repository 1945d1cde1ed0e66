# Two commands do everything: `make render` and `make test`. Windows: see README.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: render test data lab notebooks lint lock clean

render: data
	$(BIN)/naravard render

test: data
	$(BIN)/python -m pytest -n 2 --dist loadscope --nbval --nbval-sanitize-with tests/nbval.cfg tests notebooks

data: .venv/installed
	$(BIN)/naravard data build

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "naravard needs Python 3.11 or newer: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps -e .
	touch .venv/installed

lab: data
	$(BIN)/naravard lab

# After a change to notebooks or package: run the notebooks for Riket and keep their outputs.
notebooks: data
	$(BIN)/jupyter nbconvert --to notebook --execute --inplace --ExecutePreprocessor.record_timing=False notebooks/*.ipynb

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --cache-dir .ruff_cache/imports

# After a change to the dependencies in pyproject.toml (needs uv).
lock:
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --generate-hashes --no-header --output-file requirements.lock

clean:
	rm -rf .venv site data/processed/*.parquet

# Two commands for the newcomer: `make demo` and `make test`. Both make what they need.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test lint fast shipped bench speed clean

demo: $(VENV)/.installed ## the main job, on the seed document, under build/demo/
	@$(BIN)/python scripts/demo.py

test: $(VENV)/.installed-dev lint ## everything CI runs
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fast: $(VENV)/.installed-dev ## the tests that take no model
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 -m "not slow"

shipped: $(VENV)/.installed ## make the catalogues in locales/ anew
	$(BIN)/l10n translate

bench: $(VENV)/.installed-dev ## quality beside another engine on the same model file
	@test -n "$(SOURCE)" -a -n "$(REFERENCE)" || \
	  { echo "name two files, one sentence a line: make bench SOURCE=… REFERENCE=…"; exit 2; }
	$(BIN)/python benchmarks/bleu.py --source "$(SOURCE)" --reference "$(REFERENCE)"

# ENGINES: which ones, and how set up; OPTIONS: any others of benchmarks/throughput.py.
ENGINES ?= fxtranslate l10n l10n-mt
speed: $(VENV)/.installed-dev ## speed beside other engines on the same model file
	@test -n "$(SOURCE)" -a -n "$(REFERENCE)" || \
	  { echo "name two files, one sentence a line: make speed SOURCE=… REFERENCE=…"; exit 2; }
	$(BIN)/python -m benchmarks.throughput --source "$(SOURCE)" --reference "$(REFERENCE)" \
	  --engines $(ENGINES) $(OPTIONS)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "installing into $(VENV): a minute or two, about 1.3 GB"
	$(PIP) install --constraint constraints.txt --editable '.[en-pt]'
	@touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "installing into $(VENV): a minute or two, about 1.5 GB"
	$(PIP) install --constraint constraints.txt --editable '.[en-pt,dev]'
	@touch $@ $(VENV)/.installed

clean:
	rm -rf build $(VENV)

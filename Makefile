# Thin targets over the tools themselves; everything they need is set up on first use.
# PROFILE=public (or a path to a YAML file) selects another company on any target.
PROFILE ?= sample
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
MANIFEST := dbt_project/target/manifest.json
DBT_FILES := $(shell find dbt_project -type f \( -name '*.sql' -o -name '*.yml' -o -name '*.csv' \) -not -path '*/target/*')

export AFTERSALES_PROFILE := $(PROFILE)

.PHONY: run test app dagster check lock clean setup
.DELETE_ON_ERROR:

setup: $(READY) $(MANIFEST)

# uv installs in seconds what pip takes minutes for, checks every hash, and byte-compiles (imports are half of a short run).
$(READY): requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, found " + sys.version)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

# Dagster reads the models from the manifest; parsing opens no database.
$(MANIFEST): $(READY) $(DBT_FILES)
	$(BIN)/dbt parse --quiet --project-dir dbt_project --profiles-dir dbt_project
	touch $@

# Thin targets over the tools themselves; everything they need is set up on first use.
# PROFILE=public (or a path to a YAML file) selects another company on any target.
PROFILE ?= sample
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
MANIFEST := dbt_project/target/manifest.json
DBT_FILES := $(shell find dbt_project -type f \( -name '*.sql' -o -name '*.yml' -o -name '*.csv' -o -name '*.py' \) -not -path '*/target/*')

export AFTERSALES_PROFILE := $(PROFILE)

.PHONY: setup setup-spark run live app dagster browser servers java test test-duckdb2 test-spark faults check bench lock docs clean
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

# Dagster reads the models from the manifest; parsing opens no database. A partial parse would miss the columns of a
# model whose description was there before its SQL.
$(MANIFEST): $(READY) $(DBT_FILES)
	$(BIN)/dbt parse --quiet --no-partial-parse --project-dir dbt_project --profiles-dir dbt_project
	touch $@

# Spark, and the dbt that speaks to it, in an environment of their own: docs/spark.md.
SPARK_VENV := .venv-spark
SPARK_READY := $(SPARK_VENV)/.ready

setup-spark: setup java $(SPARK_READY)

$(SPARK_READY): dbt_project/spark_adapter/requirements.lock $(READY)
	$(PYTHON) -m venv --without-pip $(SPARK_VENV)
	$(BIN)/uv pip install --quiet --python $(SPARK_VENV)/bin/python --require-hashes --compile-bytecode -r dbt_project/spark_adapter/requirements.lock
	touch $@

# Spark runs on Java 17 or newer; on another system install it by hand.
java:
	@if ! command -v java >/dev/null && command -v apt-get >/dev/null; then \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null; } \
		|| echo "Java could not be installed (is this root?): Spark will not start"; fi

# The main job end to end: for the sample company also its sources.
run: setup
	@if [ "$(PROFILE)" = sample ] || [ "$(PROFILE)" = sample_files ]; then $(BIN)/aftersales sample; fi
	@$(BIN)/aftersales build

# The sample company as live systems: a real PostgreSQL, MariaDB and HTTP service are started, read, changed, read again
# and stopped.
live: setup servers
	@$(BIN)/python -m orchestration.sample.live

app: setup
	@$(BIN)/aftersales app

dagster: setup
	@$(BIN)/aftersales dagster

# The browser tests drive Debian's Chromium; on another system install Chromium and a CJK font by hand.
browser:
	@if ! command -v chromium >/dev/null && command -v apt-get >/dev/null; then \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; } \
		|| echo "Chromium could not be installed (is this root?): the browser tests will be skipped"; fi

# Real databases for `make live`, the tests and the bench; on another system install PostgreSQL and MariaDB by hand.
servers:
	@if command -v apt-get >/dev/null && ! { ls /usr/lib/postgresql/*/bin/initdb && command -v mariadbd; } >/dev/null 2>&1; then \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql mariadb-server >/dev/null; } \
		|| echo "PostgreSQL and MariaDB could not be installed (is this root?): the tests that need them will be skipped"; fi

test: setup browser servers check
	$(BIN)/pytest --ignore tests/spark -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# The same tests on DuckDB 2.0, in an environment of their own.
test-duckdb2: browser servers
	$(MAKE) setup VENV=.venv-duckdb2
	.venv-duckdb2/bin/uv pip install --quiet --python .venv-duckdb2/bin/python duckdb==2.0.0
	.venv-duckdb2/bin/pytest --ignore tests/spark -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

# Every mart that Spark builds beside DuckDB's: in one process, and on a cluster of a master and two workers that loses an
# executor. Took 45 minutes on two busy cores; TICKETS is the size of the company.
TICKETS ?= 1500
test-spark: setup-spark
	TEST_SPARK_TICKETS=$(TICKETS) $(BIN)/pytest -s tests/spark

# What builds survive: two hundred kills, full and read-only disks, a clock set back, damaged files, a restarted machine,
# with readers at work throughout. Takes hours, and root on Linux for the disks; KILLS=20 is a short form.
KILLS ?= 200
faults: setup
	@if ! command -v faketime >/dev/null && command -v apt-get >/dev/null; then \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends faketime >/dev/null; }; fi
	$(BIN)/python -m tests.faults.suite --kills $(KILLS)

check: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint --processes 0 dbt_project/models dbt_project/tests
	$(BIN)/python .ci/audit.py

# The whole path by its parts, beside bare DuckDB, pandas and polars; then the extraction, beside what DuckDB and PostgreSQL
# do alone. Takes some minutes; SIZES are numbers of tickets.
SIZES ?= 20000 100000
bench: setup servers
	$(BIN)/python -m bench.whole_path $(SIZES)
	$(BIN)/python -m bench.extraction

# Resolve the pins of pyproject.toml anew, held to the DuckDB that we run; no address of any index gets into the lock.
lock: setup
	echo 'duckdb==1.5.5' > $(VENV)/constraints.txt
	$(BIN)/uv pip compile --constraint $(VENV)/constraints.txt --quiet --no-header --no-emit-index-url --no-emit-find-links --generate-hashes \
		--universal --python-version 3.11 --extra dev --upgrade pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --constraint requirements.lock --quiet --no-header --no-emit-index-url --no-emit-find-links --generate-hashes \
		--universal --python-version 3.11 --upgrade dbt_project/spark_adapter/requirements.in --output-file dbt_project/spark_adapter/requirements.lock

docs: setup
	$(BIN)/dbt docs generate --no-compile --empty-catalog --project-dir dbt_project --profiles-dir dbt_project

clean:
	rm -rf .venv .venv-duckdb2 .venv-spark dbt_project/target data

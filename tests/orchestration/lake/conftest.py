"""A PostgreSQL for the catalogs of lakes, and an empty lake for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.lake.address import LakeAddress
from orchestration.lake.connecting import load_extensions
from orchestration.lake.errors import LakeError
from orchestration.sample.servers import Server, ServerMissing, postgres_server
from tests.orchestration.extract.databases import Database, fresh
from tests.orchestration.lake.made import lake_url


@pytest.fixture(scope="session")
def catalog_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A PostgreSQL of the tests' own, where DuckDB can open a lake."""
    try:
        with duckdb.connect() as con:
            load_extensions(con)
        with postgres_server(tmp_path_factory.mktemp("catalog")) as server:
            yield server
    except (LakeError, ServerMissing) as error:
        pytest.skip(str(error))


@pytest.fixture
def catalog(catalog_server: Server) -> Iterator[Database]:
    """An empty database."""
    with fresh(catalog_server) as database:
        yield database


@pytest.fixture
def lake(catalog: Database, tmp_path: Path) -> LakeAddress:
    """A lake that nobody has made yet."""
    return LakeAddress(lake_url(catalog.url), "aftersales", tmp_path / "lake")

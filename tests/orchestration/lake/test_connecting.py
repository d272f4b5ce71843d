"""Opening a lake: what is missing is said, and the password is shown nowhere."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from orchestration.lake import connecting
from orchestration.lake.address import LakeAddress, address_in
from orchestration.lake.connecting import attach_lake, connect_catalog, hold_lock, load_extensions
from orchestration.lake.errors import LakeError


def test_a_missing_extension_is_named_with_both_ways_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(connecting, "EXTENSIONS", ("no_such_extension",))
    with duckdb.connect(config={"extension_directory": str(tmp_path)}) as con, pytest.raises(LakeError) as told:
        load_extensions(con)
    for part in ("no extension no_such_extension", "pip install 'aftersales[lake]'", "install no_such_extension"):
        assert part in str(told.value)


def test_the_packages_carry_the_extensions(lake: LakeAddress, tmp_path: Path) -> None:
    # Nothing of this machine's own: what an empty folder of extensions does not hold, DuckDB has from the packages.
    with duckdb.connect(config={"extension_directory": str(tmp_path / "empty")}) as con:
        con.execute("set autoinstall_known_extensions = false; set autoload_known_extensions = false")
        attach_lake(con, lake, "lake")
        assert con.execute("select count(*) from lake.snapshots()").fetchall() == [(1,)]


def test_a_lake_that_cannot_be_opened_is_told_without_its_password(lake: LakeAddress) -> None:
    password = lake.catalog.split(":")[2].split("@")[0]
    wrong = secrets.token_hex(8)
    refused = replace(lake, catalog=lake.catalog.replace(password, wrong))
    away = replace(lake, catalog=lake.catalog.replace("/t", "/no_such_database"))
    for address, reason in ((refused, "password authentication failed"), (away, "does not exist")):
        for connect in (lambda a: attach_lake(duckdb.connect(), a, "lake"), connect_catalog):
            with pytest.raises(LakeError, match=reason) as told:
                connect(address)
            assert password not in str(told.value)
            assert wrong not in str(told.value)


def test_an_open_lake_shows_its_password_nowhere(lake: LakeAddress) -> None:
    password = lake.catalog.split(":")[2].split("@")[0]
    with duckdb.connect() as con:
        attach_lake(con, lake, "lake")
        for shown in ("duckdb_databases()", "duckdb_secrets()", "duckdb_settings()", "ducklake_options('lake')"):
            assert password not in str(con.execute(f"from {shown}").fetchall())


def test_a_reader_makes_no_lake(lake: LakeAddress) -> None:
    with duckdb.connect() as con, pytest.raises(LakeError, match="the lake aftersales cannot be opened"):
        attach_lake(con, lake, "lake", read_only=True)


def test_dbt_is_told_of_a_lake_by_its_environment(lake: LakeAddress) -> None:
    assert address_in(lake.as_environment()) == lake


def test_whoever_waits_too_long_for_a_lake_is_told(lake: LakeAddress) -> None:
    with hold_lock(lake, wait_seconds=5):
        waiting = hold_lock(lake, wait_seconds=1)
        with pytest.raises(LakeError, match="another process has been writing to the lake aftersales for 1 s"), waiting:
            pass
        with hold_lock(lake.with_schema("other"), wait_seconds=1):
            pass
    with hold_lock(lake, wait_seconds=1):
        pass

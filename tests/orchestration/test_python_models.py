"""Models in Python, and what depends on them, are built by DuckDB from the marts, whatever engine made those."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duckdb_files import attach, content_of, scratch_of
from orchestration.manifest import models_in, python_models, read_manifest
from orchestration.spark.exchange import import_marts
from orchestration.warehouse_assets import ONLY_PYTHON, WITHOUT_PYTHON
from tests.company import ROOT, Company

AS_OF = "model.aftersales.stg_build_settings"


def dbt(company: Company, build_file: Path, folder: Path, *arguments: str) -> str:
    project = str(ROOT / "dbt_project")
    environment = {
        **os.environ,
        "AFTERSALES_BUILD_FILE": str(build_file),
        "AFTERSALES_INGEST_FILE": str(company.root / "ingest" / "ingest.duckdb"),
        "AFTERSALES_TIME_ZONE": "Asia/Shanghai",
    }
    done = subprocess.run(
        [
            *(Path(sys.executable).with_name("dbt"), *arguments, "--project-dir", project, "--profiles-dir", project),
            *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_they_are_built_again_from_the_marts_alone(sample_company: Company, tmp_path: Path) -> None:
    """As after a build by Spark: of all other models the marts alone are there."""
    again = sample_company.unpublish(tmp_path)
    scratch_of(again).unlink()
    manifest = read_manifest()
    apart = python_models(manifest)
    marts = [node["name"] for node in models_in(manifest, "marts") if node["unique_id"] in apart]
    assert len(marts) >= 4
    with duckdb.connect(str(again)) as con:
        for mart in marts:
            con.execute(f"drop table marts.{mart}")
    dbt(sample_company, again, tmp_path, "build", "--exclude-resource-type", "unit_test", *ONLY_PYTHON)
    results = json.loads((tmp_path / "target" / "run_results.json").read_text(encoding="utf-8"))["results"]
    assert {result["unique_id"] for result in results if result["unique_id"].startswith("model.")} == {*apart, AS_OF}
    with duckdb.connect() as con:
        attach(con, again, "again", read_only=True)
        attach(con, sample_company.current.resolve(), "version", read_only=True)
        for mart in marts:
            assert content_of(con, "again", "marts", mart) == content_of(con, "version", "marts", mart)


def test_what_another_engine_builds_is_all_else(sample_company: Company, tmp_path: Path) -> None:
    built = sample_company.unpublish(tmp_path)
    kind = ("--resource-type", "model", "--output", "name", "--quiet")
    listed = dbt(sample_company, built, tmp_path, "ls", *kind, *WITHOUT_PYTHON).split()
    manifest = read_manifest()
    apart = python_models(manifest)
    models = {key: node["name"] for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    assert sorted(listed) == sorted(name for key, name in models.items() if key not in apart)


def test_the_marts_of_another_engine_come_back_without_them(tmp_path: Path) -> None:
    def model(name: str, schema: str, *tags: str) -> dict[str, Any]:
        columns = {"one": {"name": "one", "data_type": "bigint", "constraints": [], "description": ""}}
        return {
            "unique_id": f"model.{name}", "name": name, "schema": schema, "tags": list(tags), "columns": columns,
            "resource_type": "model", "description": name,
        }  # fmt: skip

    nodes = [model("fct_one", "marts"), model("int_learned", "intermediate", "python"), model("agg_told", "marts")]
    manifest = {
        "nodes": {node["unique_id"]: node for node in nodes},
        "child_map": {"model.fct_one": ["model.int_learned"], "model.int_learned": ["model.agg_told"]}
        | {"model.agg_told": []},
    }
    assert python_models(manifest) == {"model.int_learned", "model.agg_told"}
    folder = tmp_path / "marts.db" / "fct_one"
    folder.mkdir(parents=True)
    with duckdb.connect() as con:
        con.execute(f"copy (select 7 as one) to '{folder / 'part.parquet'}'")
    import_marts(tmp_path, tmp_path / "build.duckdb", manifest)
    with duckdb.connect(str(tmp_path / "build.duckdb"), read_only=True) as con:
        assert con.execute("select table_name from duckdb_tables()").fetchall() == [("fct_one",)]
        assert con.execute("from marts.fct_one").fetchall() == [(7,)]

"""What DuckDB and Spark mean differently by the same words, translated: each query has the same answer on both."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import duckdb
import pytest

from orchestration.extract.pseudonyms import pseudonym_of
from orchestration.spark.settings import SparkSettings
from tests.company import ROOT

SALT = "a salt of tests, long enough"
QUERIES = {
    part.split("\n", 1)[0]: part.split("\n", 1)[1]
    for part in Path(__file__).with_name("same_answers.sql").read_text("utf-8").split("\n-- ")[1:]
}


def ask_spark(environment: Path, folder: Path, queries: list[str], **variables: str) -> list[list[list[str | None]]]:
    """The rows of each query, as texts."""
    spark = SparkSettings("local[1]", environment).as_variables(folder)
    done = subprocess.run(
        [environment / "bin" / "python", ROOT / "tests" / "spark" / "answering.py", folder],
        input=json.dumps(queries),
        env=os.environ | spark | variables,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: list[list[list[str | None]]] = json.loads((folder / "answers.json").read_text("utf-8"))
    return answers


@pytest.fixture(scope="module")
def answers(spark_environment: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[str | None]]]:
    """What Spark says."""
    found = ask_spark(spark_environment, tmp_path_factory.mktemp("answers"), list(QUERIES.values()))
    return dict(zip(QUERIES, found, strict=True))


@pytest.mark.parametrize("name", QUERIES)
def test_same_answer(name: str, answers: dict[str, list[list[str | None]]]) -> None:
    with duckdb.connect() as con:
        expected = con.execute(QUERIES[name]).fetchall()
    assert answers[name] == [[None if value is None else str(value) for value in row] for row in expected]


def test_spark_hashes_with_the_salt(spark_environment: Path, tmp_path: Path) -> None:
    (found,) = ask_spark(
        spark_environment,
        tmp_path,
        ["select pseudonym('张三'), pseudonym(null)"],
        AFTERSALES_PRIVACY="direct=hashed",
        AFTERSALES_PII_SALT=SALT,
    )
    assert found == [[pseudonym_of(SALT.encode(), "张三"), None]]


def test_spark_walks_edges(spark_environment: Path, tmp_path: Path) -> None:
    edges = "(values ('d', 'c'), ('b', 'a'), ('c', 'b'), ('z', 'y')) as edges (one, other)"
    query = (
        "select component.node, component.label from (select explode(connected_components("
        f"collect_list(struct(one, other)))) as component from {edges}) as walked order by 1"
    )
    (found,) = ask_spark(spark_environment, tmp_path, [query])
    assert found == [["a", "a"], ["b", "a"], ["c", "a"], ["d", "a"], ["y", "y"], ["z", "y"]]

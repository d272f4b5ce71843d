"""Run in Spark's environment: the rows of queries of DuckDB's, translated and asked of Spark. JSON in, JSON out."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from dbt.adapters.duckspark.connections import start_session

from orchestration.spark.translation import translate


def main() -> None:
    """Read the queries from standard input; write their rows, as texts, to the file that is named."""
    folder = Path(sys.argv[1])
    (folder / "inputs").mkdir()
    (folder / "inputs" / "inputs.json").write_text("{}")
    session = start_session({"spark.master": "local[1]", "spark.ui.enabled": "false"}, folder)
    answers = [
        [[None if value is None else str(value) for value in row] for row in session.sql(translate(query)).collect()]
        for query in json.load(sys.stdin)
    ]
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")


if __name__ == "__main__":
    main()

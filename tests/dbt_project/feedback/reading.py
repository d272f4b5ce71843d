"""Comments read by the models themselves, on the words that ship: no build, no file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration.dbt_comment_scores import register
from tests.dbt_project.rendered import PROJECT, Rows, run_models

HELD_OUT = Path(__file__).with_name("held_out.csv")
WRITTEN_AT = datetime(2026, 1, 15, 12)


@dataclass(frozen=True)
class Read:
    """What the models find in a comment."""

    language: str | None
    sentiment: str | None
    score: float | None
    tone: float | None
    themes: frozenset[str]


def shipped_words() -> Rows:
    """The rows of the policy table, as landed."""
    with (PROJECT / "policies" / "feedback_themes.csv").open(encoding="utf-8", newline="") as file:
        return [
            {**row, "severity": int(row["severity"]), "valid_to_date": row["valid_to_date"] or None}
            for row in csv.DictReader(file)
        ]


def modelled(tables: dict[str, Rows]) -> duckdb.DuckDBPyConnection:
    """A database with model_fct_feedback and model_fct_feedback_words of the given rows of feeds."""
    con = duckdb.connect()
    register(con)
    settings = [{"as_of_at": datetime(2026, 6, 30, 16), "time_zone": "Asia/Shanghai"}]
    for model in ("fct_feedback", "fct_feedback_words"):
        run_models(con, model, {"settings": settings, "feedback_themes": shipped_words(), **tables}, "Asia/Shanghai")
    return con


def read(comments: Sequence[str]) -> list[Read]:
    """What the models find in each comment."""
    reviews: list[dict[str, Any]] = [
        {"review_id": str(index), "comment": comment, "reviewed_at": WRITTEN_AT}
        for index, comment in enumerate(comments)
    ]
    with modelled({"reviews": reviews}) as con:
        rows = con.execute(
            "select feedback_id, fct.language, sentiment, score, tone, themes from model_fct_feedback as fct "
            "inner join model_stg_feedback_texts using (feedback_kind, feedback_id)"
        ).fetchall()
    found = {
        int(key): Read(language, sentiment, score, tone, frozenset((themes or "").split()))
        for key, language, sentiment, score, tone, themes in rows
    }
    return [found[index] for index in range(len(comments))]

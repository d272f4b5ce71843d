"""What the sample company's customers wrote about is what the marts say they wrote about."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pytest

from bench.silence_feedback import alarms
from tests.company import Company
from tests.dbt_project.feedback.test_reading import CLOSING


@pytest.fixture(scope="module")
def truth(sample_company: Company) -> dict[str, int]:
    """Comments of surveys by their theme."""
    told = json.loads((sample_company.root / "sources" / "truth.json").read_text(encoding="utf-8"))
    counts: dict[str, int] = told["comment_themes"]
    return counts


def test_each_comment_is_there_once(sample_company: Company, truth: dict[str, int]) -> None:
    ((surveys, unread),) = sample_company.query(
        "select count(*), count(*) filter (where sentiment is null) from marts.fct_feedback "
        "where feedback_kind = 'survey'"
    )
    assert (surveys, unread) == (sum(truth.values()), 0)
    kinds = sample_company.query("select distinct feedback_kind from marts.fct_feedback order by 1")
    assert kinds == [("complaint",), ("review",), ("survey",)]


def test_the_planted_themes_are_found(sample_company: Company, truth: dict[str, int]) -> None:
    """Precision and recall of the counts: what is found beyond the truth, and what is missed of it."""
    found = dict(
        sample_company.query(
            "select theme, count(distinct feedback_id) from marts.fct_feedback_words "
            "where feedback_kind = 'survey' group by theme"
        )
    )
    true = {theme: count for theme, count in truth.items() if theme != "plain"}
    named = {theme: count for theme, count in found.items() if theme not in CLOSING}
    right = sum(min(count, named.get(theme, 0)) for theme, count in true.items())
    assert sum(true.values()) >= 40
    assert right / sum(true.values()) >= 0.9
    assert right / sum(named.values()) >= 0.85


def test_complaints_sound_worse_than_praise(sample_company: Company) -> None:
    shares = dict(
        sample_company.query(
            "select feedback_kind, negative_share from marts.agg_feedback_sentiment "
            "where period_grain = 'all' and segment = 'all'"
        )
    )
    assert shares["complaint"] > 0.9
    assert shares["survey"] < 0.5


def test_every_rollup_adds_up(sample_company: Company) -> None:
    def total(sql: str) -> Any:
        return sample_company.query(sql)[0][0]

    comments = total("select count(*) from marts.fct_feedback")
    for condition in ("period_grain = 'all' and segment = 'all'", "period_grain = 'month' and segment = 'site'"):
        for kinds in ("feedback_kind = 'all'", "feedback_kind <> 'all'"):
            assert comments == total(
                f"select sum(comment_count) from marts.agg_feedback_sentiment where {condition} and {kinds}"
            )
    pairs = total("select count(distinct (feedback_kind, feedback_id, theme)) from marts.fct_feedback_words")
    for table in ("agg_feedback_themes where period_grain = 'year'", "agg_feedback_themes_monthly where true"):
        assert pairs == total(f"select sum(comment_count) from marts.{table} and segment = 'product_family'")
    assert total(
        "select max(abs(cumulated_share - 1)) from marts.agg_feedback_themes as themes where pareto_rank = "
        "(select max(pareto_rank) from marts.agg_feedback_themes as others where others.period_grain = "
        "themes.period_grain and others.period_start_date = themes.period_start_date "
        "and others.site_id = themes.site_id and others.product_family = themes.product_family)"
    ) == pytest.approx(0, abs=1e-9)


def test_too_few_comments_raise_no_alarm(sample_company: Company) -> None:
    """157 comments in two years: a rise would have to be large, and none was planted."""
    with duckdb.connect(str(sample_company.current.resolve()), read_only=True) as con:
        raised, _ = alarms(con)
    assert raised == 0

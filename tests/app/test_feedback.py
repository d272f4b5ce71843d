"""The page of what customers write: a sentence, what weighs most, what is new, and words in their context."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from app import formats
from tests.app.conftest import OpenView
from tests.app.pages import chart_rows
from tests.app.published_feedback import HOSTILE
from tests.app.test_views import texts


def changed(full_file: Path, folder: Path, *statements: str) -> Path:
    path = Path(shutil.copy(full_file, folder / "warehouse_changed.duckdb"))
    with duckdb.connect(str(path)) as con:
        for statement in statements:
            con.execute(statement)
    return path


def test_one_sentence_says_what_weighs_most(full_file: Path, open_view: OpenView) -> None:
    test = open_view("feedback", full_file)
    share = [formats.share(part, 0) for part in (0.4, 36 / 59)]
    sentence = f"Of 60 comments {share[0]} sound negative; Not fixed weighs most, {share[1]} of all complaints."
    assert sentence in texts(test)
    assert "4 more comments are in a language that is not read" in texts(test)
    chinese = texts(open_view("feedback", full_file, "zh"))
    assert "分量最重的是“没修好”" in chinese


def test_the_pareto_adds_up_from_the_top(full_file: Path, open_view: OpenView) -> None:
    test = open_view("feedback", full_file)
    rows = next(rows for rows in chart_rows(test) if "series" in rows and "Not fixed" in set(rows["name"]))
    assert rows["name"].tolist() == ["Not fixed", "Waiting for parts", "Price"]
    assert rows["shown"].iloc[-1].endswith(f"Σ {formats.share(1, 0)}")
    assert rows["series"].tolist() == ["Fails or endangers", "Costs time", "Annoys"]


def test_what_rises_is_said_in_its_month_and_silence_in_others(full_file: Path, open_view: OpenView) -> None:
    rising = open_view("feedback", full_file, period="2026-04")
    assert "Newly rising in Apr 2026: Waiting for parts." in texts(rising)
    table = next(frame.value for frame in rising.dataframe if "Finding" in frame.value.columns)
    assert dict(zip(table["Theme"], table["Finding"], strict=True))["Waiting for parts"] == "Risen"
    quiet = open_view("feedback", full_file, period="2026-03")
    assert not quiet.warning
    assert "In Mar 2026 no theme rose more than chance explains." in texts(quiet)
    first = open_view("feedback", full_file, period="2025-01")
    assert "Too few comments to tell what rises" in texts(first)


def test_words_stand_in_their_context(full_file: Path, open_view: OpenView) -> None:
    test = open_view("feedback", full_file, theme="parts_wait", period="all")
    table = next(frame.value for frame in test.dataframe if "Keyword" in frame.value.columns)
    row = table.iloc[0]
    assert (row["Before it"], row["Keyword"]) == ("…it would be quick, but I am ", "waiting for the part")
    assert row["After it"] == " since March, and nobody cal…"
    # Written with dashes: the comment as a whole.
    other = open_view("feedback", full_file, theme="price", period="all")
    table = next(frame.value for frame in other.dataframe if "Keyword" in frame.value.columns)
    assert table.iloc[0]["After it"] == "The out-of-hours call cost too much"
    hostile = open_view("feedback", full_file, theme="not_fixed", period="all")
    table = next(frame.value for frame in hostile.dataframe if "Keyword" in frame.value.columns)
    assert table.iloc[0]["Before it"] == "…" + HOSTILE[: HOSTILE.index("没修好")][-28:]
    assert not [body for body in hostile.get("html") if "<img" in body.proto.body]


def test_without_published_comments_the_words_stand_alone(full_file: Path, tmp_path: Path, open_view: OpenView) -> None:
    path = changed(full_file, tmp_path, "update marts.fct_feedback set comment = null")
    test = open_view("feedback", path, period="all")
    assert "The company publishes no comments" in texts(test)
    table = next(frame.value for frame in test.dataframe if "Keyword" in frame.value.columns)
    assert set(table["Before it"]) == set(table["After it"]) == {""}
    assert set(table["Keyword"]) == {"没修好"}


def test_anecdotes_conclude_nothing(full_file: Path, tmp_path: Path, open_view: OpenView) -> None:
    path = changed(full_file, tmp_path, "update marts.agg_feedback_sentiment set read_count = 7")
    assert f"{formats.count(7)} comments: anecdotes" in texts(open_view("feedback", path))


def test_a_company_without_known_complaints(full_file: Path, tmp_path: Path, open_view: OpenView) -> None:
    path = changed(
        full_file,
        tmp_path,
        "delete from marts.agg_feedback_themes where polarity = 'complaint'",
        "delete from marts.agg_feedback_themes_monthly where polarity = 'complaint'",
    )
    test = open_view("feedback", path)
    assert not test.exception
    assert "none names a known theme of complaints" in texts(test)
    assert "No theme of complaints was found." in texts(test)

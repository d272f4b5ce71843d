"""Comments are read as people read them: those with a known theme, held-out ones, and by the rules of the words."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.comment_scores import comment_score
from orchestration.extract.contract import read_contract
from orchestration.sample import comments
from tests.company import SHARED_DATA
from tests.dbt_project.feedback.measured import (
    UNLABELLED,
    by_library,
    held_out,
    held_out_reviews,
    score,
    theme_score,
)
from tests.dbt_project.feedback.reading import WRITTEN_AT, Read, modelled, read, shipped_words

# Closing words that the sample puts behind any complaint: "we shall not buy again".
CLOSING = frozenset({*UNLABELLED, "leaving"})


@pytest.fixture(scope="module")
def planted() -> list[tuple[str, Read]]:
    """840 comments as the sample company's customers write them, each with its theme."""
    rng = np.random.default_rng(20261123)
    size = 840
    theme = np.arange(size) % len(comments.THEMES)
    subjects = comments.Subjects(
        theme=theme,
        is_english=np.arange(size) // len(comments.THEMES) % 2 == 1,
        family=rng.integers(0, 6, size),
        issue=rng.integers(0, 5, size),
        symptom=rng.integers(0, 2, size),
        days=rng.integers(0, 15, size),
        hours=rng.integers(0, 60, size),
    )
    found = read(comments.write_comments(rng, subjects))
    return [(comments.THEMES[index], each) for index, each in zip(theme.tolist(), found, strict=True)]


def test_planted_themes_are_found(planted: list[tuple[str, Read]]) -> None:
    right, named, true = Counter[str](), Counter[str](), Counter[str]()
    for theme, found in planted:
        themes = found.themes - CLOSING
        named.update(themes)
        if theme != "plain":
            true[theme] += 1
            right[theme] += theme in themes
    assert sum(right.values()) / sum(named.values()) >= 0.9
    assert {theme: right[theme] / true[theme] for theme in true if right[theme] / true[theme] < 0.85} == {}


def test_planted_moods_are_found(planted: list[tuple[str, Read]]) -> None:
    truth = ["positive" if comments.THEMES.index(theme) >= comments.FAST else "negative" for theme, _ in planted]
    told = [(true, found.sentiment) for true, (theme, found) in zip(truth, planted, strict=True) if theme != "plain"]
    assert sum(true == said for true, said in told) / len(told) >= 0.95


@pytest.mark.parametrize("language", ["en", "zh"])
def test_held_out_comments_are_read_better_than_by_the_library_alone(language: str) -> None:
    """Floors below what docs/decisions/feedback.md says, so that a change that reads worse is seen."""
    labelled = held_out(language)
    assert len(labelled) >= 150
    found = read([each.comment for each in labelled])
    truth = [each.sentiment for each in labelled]
    ours = score(truth, [each.sentiment for each in found])
    library = score(truth, [by_library(each) for each in found])
    commonest = max(set(truth), key=truth.count)
    assert ours.accuracy > library.accuracy + 0.05
    assert ours.accuracy > truth.count(commonest) / len(truth) + 0.1
    assert {each.language for each in found} == {language}
    precision, recall = theme_score(labelled, found)
    assert precision >= 0.85
    assert recall >= 0.4


@pytest.mark.skipif(not (SHARED_DATA / "reviews_zh").exists(), reason=f"no reviews_zh in {SHARED_DATA}")
def test_public_reviews_are_read_better_than_by_guessing() -> None:
    labelled = held_out_reviews(40)
    truth = [label for _, label in labelled]
    ours = score(truth, [each.sentiment for each in read([text for text, _ in labelled])])
    assert ours.accuracy > max(truth.count(label) for label in set(truth)) / len(truth) + 0.15


@pytest.mark.parametrize(
    ("comment", "themes"),
    [
        ("The technician was friendly", {"attitude_good"}),
        ("The technician was not very friendly", set()),
        ("不满意", {"dissatisfied"}),
        ("满意", {"satisfied"}),
        ("价格不贵", {"price_good"}),
        ("态度不好", {"attitude_bad"}),
        # A word ends where it ends, unless it may go on.
        ("The plate is chipped", set()),
        ("DISAPPOINTING!", {"dissatisfied"}),
        ("I didn’t get a call-back", {"slow_response"}),
        ("", None),
        ("12345", None),
    ],
)
def test_the_words_of_a_theme(comment: str, themes: set[str] | None) -> None:
    if themes is None:
        with modelled({"reviews": [{"review_id": "r", "comment": comment, "reviewed_at": WRITTEN_AT}]}) as con:
            rows = con.execute("select sentiment, themes from model_fct_feedback").fetchall()
        assert rows == ([(None, None)] if comment else [])
    else:
        assert read([comment])[0].themes == themes


def test_a_company_decides_on_words() -> None:
    """Its row of a word stands in the place of the one that ships; a word counts on the days of its validity."""
    own = [
        {"_source": "company", "theme": "noise", "language": "zh", "word": "嗡嗡响", "severity": 2,
         "valid_from_date": datetime(2026, 1, 1), "valid_to_date": datetime(2026, 1, 31)},
        {"_source": "company", "theme": "price", "language": "zh", "word": "太贵", "severity": 3,
         "valid_from_date": datetime(1990, 1, 1), "valid_to_date": None},
    ]  # fmt: skip
    reviews = [
        {"review_id": "in", "comment": "嗡嗡响，太贵", "reviewed_at": datetime(2026, 1, 31, 12)},
        {"review_id": "out", "comment": "嗡嗡响", "reviewed_at": datetime(2026, 2, 1, 12)},
    ]
    with modelled({"reviews": reviews, "feedback_themes": [*shipped_words(), *own]}) as con:
        rows = con.execute("select feedback_id, themes, severity from model_fct_feedback order by 1").fetchall()
    assert rows == [("in", "noise price", 3), ("out", None, 0)]


def test_a_survey_repeats_its_comment_with_each_question_and_counts_once() -> None:
    answers = [
        {"answer_id": f"a{number}", "invitation_id": "i", "question_kind": "csat", "comment": "太慢", "language": "zh",
         "answered_at": WRITTEN_AT}
        for number in range(3)
    ]  # fmt: skip
    with modelled({"survey_answers": answers}) as con:
        assert con.execute("select feedback_kind, feedback_id from model_fct_feedback").fetchall() == [("survey", "a0")]


def test_a_text_in_another_language_is_counted_and_not_read() -> None:
    review = {"review_id": "r", "comment": "Sehr gut", "language": "de", "reviewed_at": WRITTEN_AT}
    with modelled({"reviews": [review]}) as con:
        assert con.execute("select language, sentiment, score from model_fct_feedback").fetchall() == [(None,) * 3]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.sampled_from(["en", "zh"]))
def test_a_score_is_the_same_each_time_and_within_its_bounds(text: str, language: str) -> None:
    found = comment_score(text, language)
    assert found == comment_score(text, language)
    assert found is None or -1 <= found <= 1
    assert (found is None) == (not text.strip())


def test_the_policy_table_keeps_its_contract() -> None:
    rows = shipped_words()
    key = read_contract()["feedback_themes"].key
    assert len({tuple(row[name] for name in key) for row in rows}) == len(rows)
    assert {row["severity"] for row in rows} == {0, 1, 2, 3}
    by_theme = {row["theme"]: row["severity"] for row in rows}
    assert all(by_theme[row["theme"]] == row["severity"] for row in rows)
    for theme in by_theme:
        assert {row["language"] for row in rows if row["theme"] == theme} == {"en", "zh"}

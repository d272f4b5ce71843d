"""Staging is the contract and nothing else: a view per feed, all of one shape, that protects personal data. Two tables
beside them read what customers wrote, and let out scores and words of a policy table alone.

Nothing after staging reads the landed feeds (test_layers), so these views are the only way by which personal data gets
into a mart: that each column goes through `protect_column` with the class that the contract says is the lineage.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestration.extract.contract import Feed, read_contract
from orchestration.extract.privacy import Privacy
from tests.dbt_project.feedback.reading import WRITTEN_AT, modelled

PROJECT = Path(__file__).parents[2] / "dbt_project"
STAGING = PROJECT / "models" / "staging"
TYPE = r"[a-z]+(?:\(\d+, \d+\))?"
CAST = re.compile(rf"^    cast\((?P<from>\w+) as (?P<type>{TYPE})\) as (?P<to>\w+),?$")
PROTECTED = re.compile(
    rf"^    {{{{ protect_column\('(?P<from>\w+)', '(?P<type>{TYPE})', '(?P<pii>\w+)'\) }}}} as (?P<to>\w+),?$"
)


# What the gates read and no model does.
NOT_MODELLED = {"gate_limits"}


@pytest.mark.parametrize(
    "feed", [feed for feed in read_contract().values() if feed.name not in NOT_MODELLED], ids=lambda feed: feed.name
)
def test_a_staging_view_has_the_columns_of_its_feed_and_protects_those_of_persons(feed: Feed) -> None:
    lines = (STAGING / f"stg_{feed.name}.sql").read_text(encoding="utf-8").splitlines()

    assert lines[0] == "select"
    assert lines[-1] == f"from {{{{ source('{feed.schema}', '{feed.name}') }}}}"
    columns = [CAST.match(line) or PROTECTED.match(line) for line in lines[1:-1]]
    assert all(columns), [line for line, column in zip(lines[1:-1], columns, strict=True) if not column]
    staged = {
        (column["from"], column["type"].replace(" ", ""), column.groupdict().get("pii"), column["to"])
        for column in columns
        if column
    }
    expected = {(column.name, column.type, column.pii, column.name) for column in feed.columns}
    assert staged == expected | {("_source", "varchar", None, "source")}


@pytest.mark.parametrize("model", ["stg_feedback_texts", "stg_feedback_words"])
def test_what_reads_raw_texts_lets_out_none(model: str) -> None:
    """Sentiment and themes are published always, so they are made of what landed: of it only they get further."""
    columns = {
        "stg_feedback_texts": {"feedback_kind", "feedback_id", "language", "tone", "character_count", "written_at"},
        "stg_feedback_words": {"feedback_kind", "feedback_id", "theme", "word", "severity"},
    }
    said = "Muster, 13812345678, is rude and late. 张三态度不好"
    with modelled({"reviews": [{"review_id": "r", "comment": said, "reviewed_at": WRITTEN_AT}]}) as con:
        rows = con.execute(f"select * from model_{model}")
        assert {column[0] for column in rows.description} == columns[model]
        found = rows.fetchall()
    assert found
    values = [str(value) for row in found for value in row]
    assert not [value for value in values if "张三" in value or "13812345678" in value or "muster" in value.lower()]


def test_no_other_model_reads_landed_texts() -> None:
    marked = re.compile(r"feedback_texts\(\)")
    readers = {path.stem for path in (PROJECT / "models").rglob("*.sql") if marked.search(path.read_text("utf-8"))}
    assert readers == {"stg_feedback_texts", "stg_feedback_words"}


def test_the_contract_marks_personal_data_by_the_classes_that_a_profile_decides_on() -> None:
    classes = {column.pii for feed in read_contract().values() for column in feed.columns if column.pii}
    assert classes == set(Privacy.model_fields)


# Words by which a column that names a person, or may, is known; what is no such thing says here why.
PERSONAL_WORDS = re.compile(
    r"(^|_)(name|phone|email|mail|address|latitude|longitude|comment|note|symptom|text|serial_number|author|"
    r"customer|technician|agent)(_|$)"
)
NOT_OF_A_PERSON = {
    ("customers", "customer_kind"): "person or business",
    ("customers", "customer_since_at"): "a date",
    ("products", "product_name"): "a product",
    ("ticket_events", "author_kind"): "customer, agent, bot: a kind",
    ("tickets", "agent_reply_count"): "a count",
    ("visits", "technician_count"): "a count",
    ("visits", "phone_minutes"): "a duration",
    ("sites", "site_name"): "a site",
    ("sites", "latitude"): "a site",
    ("sites", "longitude"): "a site",
    ("part_lines", "part_name"): "a part",
}


def test_every_column_that_sounds_like_a_person_is_marked_or_explained() -> None:
    unmarked = {
        (feed.name, column.name)
        for feed in read_contract().values()
        for column in feed.columns
        if feed.schema == "raw" and not column.pii and PERSONAL_WORDS.search(column.name)
    }
    assert unmarked == set(NOT_OF_A_PERSON)


def test_models_and_profiles_agree_on_what_is_published_where_nothing_is_said() -> None:
    macro = (PROJECT / "macros" / "privacy" / "protect_column.sql").read_text(encoding="utf-8")
    found = re.search(r"said_by_build\(\s*'AFTERSALES_PRIVACY',\s*'([^']+)'", macro)
    assert found
    assert found[1] == Privacy().as_setting()

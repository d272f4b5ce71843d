"""Both languages say everything, and every value that the contracts allow has a word."""

from __future__ import annotations

import ast
import csv
import importlib
import re
import string
from pathlib import Path

import pytest
import yaml

from app import kpis
from app.frame import VIEWS
from app.words import WORDS

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "app").rglob("*.py"))


def is_list_of_words(path: Path) -> bool:
    return path.parent.name == "words" and path.stem != "__init__"


def test_a_key_is_in_one_list_and_each_list_counts() -> None:
    lists = [path.stem for path in SOURCES if is_list_of_words(path)]
    keys = [key for name in lists for key in importlib.import_module(f"app.words.{name}").WORDS]
    assert len(lists) > 10
    assert sorted(keys) == sorted(WORDS)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", WORDS)
def test_a_key_has_both_languages_with_the_same_places(key: str) -> None:
    english, chinese = WORDS[key]
    assert english.strip()
    assert chinese.strip()
    # The month is named in one language and numbered in the other.
    if key != "period.month_name":
        assert placeholders(english) == placeholders(chinese)


def used_keys() -> set[str]:
    """The keys that the code names outright: t("…")."""
    calls = (node for path in SOURCES for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "t"
        and isinstance(call.args[0], ast.Constant)
    }


def test_every_key_that_is_used_exists() -> None:
    assert len(used_keys()) > 100
    assert used_keys() - set(WORDS) == set()


def test_every_key_that_exists_is_used() -> None:
    """A key stands in the code whole, or as one of a kind: t(f"status.{…}"), named("channel", …)."""
    source = "\n".join(path.read_text("utf-8") for path in SOURCES if not is_list_of_words(path))

    def is_used(key: str) -> bool:
        kind, stem = key.rsplit(".", 1)[0], key.rsplit("_", 1)[0]
        of_kind = (
            f'f"{kind}.{{',
            f'"{stem}_{{',
            f"'{stem}_{{",
            f"f'{kind}.{{",
            f'named("{kind}", ',
            f', "{kind}")',
            f'("{kind}", "',
        )
        return f'"{key}"' in source or f"'{key}'" in source or any(sign in source for sign in of_kind)

    unused = [key for key in WORDS if not is_used(key)]
    assert not unused, unused


def test_every_view_has_a_name() -> None:
    assert {f"page.{view.name}" for view in VIEWS} <= set(WORDS)


def test_values_of_the_feed_contract_have_words() -> None:
    contract = yaml.safe_load((ROOT / "dbt_project/models/staging/_raw__sources.yml").read_text("utf-8"))
    tables = {table["name"]: table for table in contract["sources"][0]["tables"]}
    assert {f"feed.{name}" for name in tables} <= set(WORDS)

    def allowed(table: str, column: str) -> list[str]:
        found = next(entry for entry in tables[table]["columns"] if entry["name"] == column)
        return list(found["config"]["meta"]["allowed_values"])

    for kind, table, column in (
        ("channel", "tickets", "channel"),
        ("priority", "tickets", "priority"),
        ("ticket_status", "tickets", "status"),
        ("aspect", "survey_answers", "aspect"),
        ("question", "survey_answers", "question_kind"),
        ("survey", "survey_answers", "survey_kind"),
        ("component", "ledger_totals", "component"),
    ):
        assert {f"{kind}.{value}" for value in allowed(table, column)} <= set(WORDS), (table, column)


def test_units_of_the_registry_have_words() -> None:
    contract = yaml.safe_load((ROOT / "dbt_project/models/staging/_raw__sources.yml").read_text("utf-8"))
    tables = {table["name"]: table for source in contract["sources"] for table in source["tables"]}
    unit = next(column for column in tables["kpi_registry"]["columns"] if column["name"] == "unit")
    units = set(unit["config"]["meta"]["allowed_values"]) - {"currency"}  # named by its own code
    assert {f"kpi_unit.{name}" for name in units} <= set(WORDS)


def test_values_of_the_marts_have_words() -> None:
    kinds = {
        "status": "status",
        "activity": "activity",
        "kpi_class": "class",
        "cost_group": "group",
        "band": "band",
    }
    checked = set()
    for path in (ROOT / "dbt_project/models/marts").glob("*/_*__models.yml"):
        for model in yaml.safe_load(path.read_text("utf-8"))["models"]:
            for column in model["columns"]:
                kind = kinds.get(column["name"])
                for test in column.get("data_tests", []):
                    if kind and isinstance(test, dict) and "accepted_values" in test:
                        values = test["accepted_values"]["arguments"]["values"]
                        assert {f"{kind}.{value}" for value in values} <= set(WORDS), (model["name"], column["name"])
                        checked.add(kind)
    assert checked == {"status", "activity", "class", "group", "band"}


SUBJECTS = ROOT / "dbt_project" / "models" / "marts" / "dimensions" / "dim_kpi_subjects.sql"
# As app/views/indicators.py heads what every item tells.
_ITEM_HEADS = (
    "column.counted_date", "column.site", "column.product_family", "column.item_state", "column.reason",
    "column.numerator", "column.denominator", "column.cases",
)  # fmt: skip


@pytest.mark.parametrize("language", [0, 1])
def test_no_two_columns_of_a_table_of_rows_have_one_head(language: int) -> None:
    kinds = re.findall(r"'(\w+)': \('\w+', .+?, '([\w ]+)'\)", SUBJECTS.read_text(encoding="utf-8"))
    assert len(kinds) > 10
    for kind, columns in kinds:
        keys = [f"subject_kind.{kind}", *_ITEM_HEADS, *(f"subject_column.{column}" for column in columns.split())]
        heads = [WORDS[key][language] for key in keys]
        assert sorted(heads) == sorted(set(heads)), kind


def test_the_kpis_that_views_put_forward_are_registered() -> None:
    with (ROOT / "dbt_project/policies/kpi_registry.csv").open(encoding="utf-8", newline="") as file:
        registered = {row["kpi_id"] for row in csv.DictReader(file)}
    put_forward = {
        *kpis.RESPONSE_CARDS,
        *kpis.BREAKDOWN,
        *kpis.SATISFACTION_CARDS,
        kpis.CSAT,
        *kpis.RETENTION_CARDS,
        *kpis.COST_CARDS,
        *kpis.COST_BY_SITE,
    }
    assert put_forward <= registered

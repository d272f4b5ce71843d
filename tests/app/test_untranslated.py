"""Nothing is said in one language only: no word stands in a view's code, and a Chinese page has no English word.

What may stay as it is in both: names and codes of the data itself, and the abbreviations that the field uses in both.
"""

from __future__ import annotations

import ast
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from app.frame import LANGUAGE_NAMES, VIEWS
from app.words import WORDS
from tests.app.conftest import OpenView
from tests.app.pages import chart_rows
from tests.app.test_views import texts

ROOT = Path(__file__).resolve().parents[2]
MODULES = [
    path for path in sorted((ROOT / "app").rglob("*.py")) if "words" not in path.parts and path.stem != "examples"
]
# What a visitor reads of these calls is their first argument.
SAYING = {
    "title", "header", "subheader", "caption", "markdown", "write", "text", "info", "warning", "success", "error",
    "metric", "button", "download_button", "selectbox", "text_area", "text_input", "segmented_control", "radio",
    "checkbox", "toggle", "expander", "tabs", "popover", "section", "spinner", "toast", "badge", "link_button",
    "page_link", "multiselect", "date_input", "slider",
}  # fmt: skip
WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
# Columns of a chart's rows that nobody reads: they choose a colour, a place or a shape.
OF_DATA = {"status", "kind", "group", "band", "signal"}
ENGLISH = re.compile(r"[A-Za-z]{3,}")
# Markdown that stands in a text without being read: signs, colours, badges, addresses.
MARKUP = re.compile(r":material/\w*:?|:[a-z]+(?:-badge)?\[|:small\[|&emsp;|https?://\S+|\]\([^)\s]+\)|`[^`]*`|<[^>]+>")

# What HTML says to the pointer and to who cannot see it.
_READ_OUT = re.compile(r' (?:title|aria-label)="([^"]*)"')


def literals(node: ast.expr) -> Iterator[str]:
    """The texts that stand in an expression, without those that are only put into other words."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from literals(part)
    elif isinstance(node, ast.List | ast.Tuple):
        for each in node.elts:
            yield from literals(each)
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def said_outright(path: Path) -> list[str]:
    found = []
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in SAYING):
            continue
        if ast.unparse(call.func.value) == "_LOG":  # for whoever runs the report, not for its visitors
            continue
        spoken = [
            *call.args[:1],
            *(each.value for each in call.keywords if each.arg in ("help", "label", "placeholder")),
        ]
        for text in (text for node in spoken for text in literals(node)):
            if WORD.search(MARKUP.sub(" ", text)):
                found.append(f"{path.name}:{call.lineno}: {text!r}")
    return found


def test_no_word_stands_in_the_code_of_a_view() -> None:
    assert [found for path in MODULES for found in said_outright(path)] == []


def test_a_word_in_the_code_would_be_found(tmp_path: Path) -> None:
    path = tmp_path / "view.py"
    path.write_text('st.title("Overview")\nst.caption(f"{t(key)} of all")\nst.info(t("app.scope_all"))\n')
    assert [found.split(":")[1] for found in said_outright(path)] == ["1", "2"]


@pytest.fixture(scope="module")
def known(full_file: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """English words that may stand on a Chinese page: the company's own names, codes and messages, and those that the
    Chinese words of the report and of the registry have themselves."""
    # Pages hold the file itself, in a configuration of their own.
    path = shutil.copy(full_file, tmp_path_factory.mktemp("known") / "copy.duckdb")
    with duckdb.connect(str(path), read_only=True) as con:
        columns = con.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where data_type = 'VARCHAR' "
            "and column_name not in ('name_en', 'definition_en') "
            "and (column_name similar to '.*(name|comment|city|message|example|place|build_id|observed).*' "
            "or (column_name like '%_id' and column_name <> 'kpi_id') "
            "or table_name in ('gates', 'steps', 'tables', 'feeds', 'notices', 'rejects_summary'))"
        ).fetchall()
        texts_of_data = {
            str(value)
            for schema, table, column in columns
            for (value,) in con.execute(f'select distinct "{column}" from {schema}.{table}').fetchall()
        }
        registry = con.execute("select name_zh, definition_zh, owner from marts.dim_kpis").fetchall()
        registry += con.execute("select time_zone, currency from meta.settings").fetchall()
        # A code of the company's own is made readable where it has no words.
        families = con.execute("select distinct issue_family from marts.fct_tickets").fetchall()
        registry += [(str(family).capitalize(),) for (family,) in families]
        tables = con.execute("select table_name, column_name from duckdb_columns()").fetchall()
    own = {str(text) for row in (*registry, *tables) for text in row}
    chinese = {words[1] for words in WORDS.values()}
    return {
        word for text in (*texts_of_data, *own, *chinese, *LANGUAGE_NAMES.values()) for word in ENGLISH.findall(text)
    }


def spoken(test: AppTest) -> Iterator[str]:
    """Everything on a page that is read: texts, labels, choices, heads of tables, titles of charts."""
    yield texts(test)
    for kind in ("selectbox", "radio", "button_group", "text_area", "button", "expander", "tab", "download_button"):
        for element in test.get(kind):
            yield str(getattr(element, "label", ""))
            yield from map(str, getattr(element, "options", []) or [])
    for frame in test.dataframe:
        yield " ".join(map(str, frame.value.columns))
    for chart in test.get("vega_lite_chart"):
        yield " ".join(titles(json.loads(chart.proto.spec)))
    for element in test.get("html"):
        yield from _READ_OUT.findall(element.proto.body)
    yield from cells(test)


def cells(test: AppTest) -> Iterator[str]:
    """The texts in tables, and those that charts draw, of which each is read."""
    for frame in [*(each.value for each in test.dataframe), *chart_rows(test)]:
        for column in frame.select_dtypes(exclude=["number", "datetime", "bool"]):
            if column not in OF_DATA:
                yield from {str(value) for value in frame[column] if isinstance(value, str)}


def titles(spec: object) -> Iterator[str]:
    """The titles within a chart's description."""
    if isinstance(spec, dict):
        for key, value in spec.items():
            if key in ("title", "text") and isinstance(value, str):
                yield value
            yield from titles(value)
    elif isinstance(spec, list):
        for each in spec:
            yield from titles(each)


# Words of SQL, and of the models that describe their tables to analysts, are English everywhere.
@pytest.mark.parametrize("view", [view.name for view in VIEWS if view.name != "desk"])
def test_a_chinese_page_has_no_english_word(view: str, full_file: Path, known: set[str], open_view: OpenView) -> None:
    test = open_view(view, full_file, "zh")
    assert not test.exception
    found = {word for text in spoken(test) for word in ENGLISH.findall(MARKUP.sub(" ", text))}
    assert found - known == set()


def test_an_english_word_would_be_found(full_file: Path, known: set[str], open_view: OpenView) -> None:
    test = open_view("overview", full_file, "en")
    found = {word for text in spoken(test) for word in ENGLISH.findall(MARKUP.sub(" ", text))}
    assert {"Overview", "Indicators"} <= found - known

"""docs/ten_questions.md: each way leads there in three clicks, and each answer stands on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.frame import VIEWS
from app.warehouse import Warehouse
from app.words import WORDS
from tests.app.conftest import OpenView
from tests.app.pages import chart_rows
from tests.app.test_views import texts
from tests.company import ROOT, Company

_SAID = re.compile(r"`([^`]+)`")
_QUESTIONS = re.split(r"^## \d+\. ", (ROOT / "docs/ten_questions.md").read_text(encoding="utf-8"), flags=re.MULTILINE)[
    1:
]
_PAGES = {WORDS[f"page.{view.name}"][0]: view.name for view in VIEWS}
_DETAILS = WORDS["indicators.open"][0]


def way_and_answers(question: str) -> tuple[list[str], list[str]]:
    (way,) = re.findall(r"^Way: (.+)$", question, flags=re.MULTILINE)
    answer = question.split(way, 1)[1]
    return _SAID.findall(way), [" ".join(said.split()) for said in _SAID.findall(answer)]


def go(way: list[str], file: Path, open_view: OpenView) -> tuple[AppTest, int]:
    """The page at the end of a way, and the clicks that it took."""
    page = next((_PAGES[step] for step in way if step in _PAGES and step != _DETAILS), "overview")
    clicks = 0 if page == "overview" else 1
    test = open_view(page, file)
    for step in way:
        if step == _DETAILS:
            names = Warehouse(str(file)).read("select kpi_id, name_en from marts.dim_kpis").set_index("name_en")
            test.button(key=f"open_{names.loc[way[0], 'kpi_id']}").click().run()
            clicks += 1
        elif ": " in step:
            label, choice = step.split(": ")
            widget = next(each for each in test.button_group if each.label == label)
            widget.set_value({option: code for code, option in _choices(label).items()}[choice]).run()
            clicks += 1
    assert not test.exception
    return test, clicks


def _choices(label: str) -> dict[str, str]:
    """Codes of the choices of a widget and their words."""
    kind = {WORDS["filter.grain"][0]: "grain"}[label]
    return {key.split(".")[1]: words[0] for key, words in WORDS.items() if key.startswith(f"{kind}.")}


def said(test: AppTest) -> str:
    """All that a page says, with plain spaces and without marks: texts, rows of tables, bars with their values."""
    parts = [texts(test), *(str(metric.delta) for metric in test.metric), *_rows(test)]
    return re.sub(r"\s+", " ", "\n".join(parts).replace("**", ""))


def _rows(test: AppTest) -> Iterator[str]:
    for table in test.dataframe:
        yield from (" · ".join(str(cell) for cell in row if str(cell)) for row in table.value.values.tolist())
    for rows in chart_rows(test):
        if "name" in rows:
            values = rows["shown"] if "shown" in rows else rows["value"]
            yield from (f"{name} · {value}" for name, value in zip(rows["name"], values, strict=True))


def test_there_are_ten() -> None:
    assert len(_QUESTIONS) == 10


@pytest.mark.parametrize("question", _QUESTIONS, ids=[question.splitlines()[0] for question in _QUESTIONS])
def test_a_question_is_answered_within_three_clicks(
    question: str, sample_company: Company, open_view: OpenView
) -> None:
    way, answers = way_and_answers(question)
    test, clicks = go(way, sample_company.current, open_view)
    assert clicks <= 3
    page = said(test)
    assert answers
    assert [answer for answer in answers if answer not in page] == []

"""What the report says of numbers that changed after they were published."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from app.restated import CAUSES, evidence_words
from app.words import WORDS, speaking
from orchestration.versions import restatement_sql, restatements
from tests.app.conftest import OpenView
from tests.app.test_views import texts


def tables(test: AppTest, head: str) -> list[list[list[str]]]:
    """The rows of each table that has a column `head`, with plain spaces."""
    return [
        [[str(cell).replace("\N{NO-BREAK SPACE}", " ") for cell in row] for row in frame.value.values]
        for frame in test.dataframe
        if head in frame.value.columns
    ]


def test_a_director_reads_what_changed_by_how_much_and_why(full_file: Path, open_view: OpenView) -> None:
    test = open_view("health", full_file)
    assert not test.exception
    assert (
        "5 published numbers of the past (whole company) differ from the version published 2024-06-14 02:30"
        in texts(test)
    )
    (said,) = [element.value for element in test.warning if "Unexplained 1, Other definition 1" in element.value]
    assert "Time has passed 1" in said
    ((*rows,),) = tables(test, "Published before")
    assert [row[1:] for row in rows] == [
        ["Mar 2026", "87.5 %", "75.0 %", "-12.5 pp", "Unexplained", ""],
        [
            "Apr 2026", "2 h", "3 h", "+1 h", "Late data",
            "Late data: tickets, ticket events; Other definition, indirectly: the models",
        ],
        [
            "2026 Q1", "80.0 %", "80.0 %", "the same", "Other definition",
            "Other definition: KPI registry; target 85.0 % → 90.0 %",
        ],
        [
            "Apr 2026", "+30", "+31", "+1 points", "Correction at the source",
            "Correction at the source: survey answers; the profile changed",
        ],
        ["Jun 2026", "CNY 210.00", "CNY 215.50", "+CNY 5.50", "Time has passed",
         "Time has passed: the period was not finished"],
    ]  # fmt: skip
    assert "all sites, regions, product families, channels and priorities together: 900" in texts(test).lower()
    test.button_group(key="pick_cause_en").set_value("late_data").run()
    ((row,),) = tables(test, "Published before")
    assert row[2:4] == ["2 h", "3 h"]


def test_the_chosen_site_alone(full_file: Path, open_view: OpenView) -> None:
    test = open_view("health", full_file, site="s2")
    ((row,),) = tables(test, "Published before")
    assert row[2:4] == ["+12", "+20"]
    assert "1 published numbers" in texts(test)


def test_in_chinese(full_file: Path, open_view: OpenView) -> None:
    test = open_view("health", full_file, "zh")
    ((*rows,),) = tables(test, "此前发布")
    assert rows[1][-1] == "数据迟到：工单、工单事件；口径变更（间接）：模型"
    assert "原因不明 1、口径变更 1" in texts(test)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("", "Nothing was restated"),
        # Without a version to compare with, nothing is not what was found.
        ("delete from meta.restated_from", WORDS["restated.not_compared"][0]),
        (
            "delete from meta.restated_from; delete from meta.builds where code_version = '0.0.9'",
            WORDS["restated.first"][0],
        ),
    ],
)
def test_nothing_restated_is_said(sql: str, said: str, full_file: Path, tmp_path: Path, open_view: OpenView) -> None:
    path = Path(shutil.copy(full_file, tmp_path / "warehouse_same.duckdb"))
    with duckdb.connect(str(path)) as con:
        con.execute(f"delete from meta.restatements; delete from meta.restatement_counts; {sql}")
    test = open_view("health", path)
    assert not test.exception
    assert not tables(test, "Published before")
    assert said in texts(test)
    assert ("Nothing was restated" in texts(test)) == (not sql)


def test_a_withheld_indicator_shows_no_number(full_file: Path, tmp_path: Path, open_view: OpenView) -> None:
    path = Path(shutil.copy(full_file, tmp_path / "warehouse_doubted.duckdb"))
    with duckdb.connect(str(path)) as con:
        con.execute(
            "insert into meta.kpi_trust values "
            "('b', 'nps', [], 'withheld', 'gate_1', 'raw', 'tickets', 'resolved_at', 'plausible', 'late')"
        )
    test = open_view("health", path)
    ((*rows,),) = tables(test, "Published before")
    withheld = [row for row in rows if row[2] == "withheld"]
    assert [row[2:5] for row in withheld] == [["withheld"] * 3]
    assert "+31" not in str(rows)


def test_an_indicator_tells_its_own(full_file: Path, open_view: OpenView) -> None:
    test = open_view("indicators", full_file, kpi="csat_top_box_share")
    ((*rows,),) = tables(test, "Published before")
    assert [row[0] for row in rows] == ["Mar 2026", "2026 Q1"]
    assert not tables(open_view("indicators", full_file, kpi="csat_mean"), "Published before")


MANAGER = """
grants:
  - role: site_manager
    emails: [li@example.com]
    sites: [s2]
"""


def test_a_site_manager_reads_of_his_site_alone(full_file: Path, tmp_path: Path, open_view: OpenView) -> None:
    access = tmp_path / "access.yml"
    access.write_text(MANAGER)
    user = {"is_logged_in": True, "email": "li@example.com", "email_verified": True, "iat": time.time()}
    test = open_view("health", full_file, access=access, user=user)
    assert not test.exception
    ((row,),) = tables(test, "Published before")
    assert row[2:4] == ["+12", "+20"]
    assert "together" not in texts(test)


def test_whatever_a_build_finds_has_words() -> None:
    """Causes and circumstances, as the code of the comparison names them."""
    sql = " ".join(value for name, value in vars(restatement_sql).items() if name.isupper() and isinstance(value, str))
    code = Path(restatements.__file__).read_text(encoding="utf-8")
    causes = set(re.findall(r"(?:then|else) '(\w+)'\s", sql)) | set(re.findall(r"cause = '(\w+)'", sql + code))
    assert {"unexplained", "withheld", "late_data"} <= causes
    assert causes == set(CAUSES)
    circumstances = {
        *re.findall(r"'(the [a-z ]+|cases were undecided)'", sql),
        *re.findall(r"['\"](the [a-z ]+)['\"]", code),
    }
    circumstances |= {f"the {which} version withholds it (meta.kpi_trust)" for which in ("older", "newer")}
    assert len(circumstances) > 8
    with speaking("zh"):
        assert [each for each in circumstances if re.search("[a-z]", evidence_words(each))] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_unknown_evidence_is_told_as_it_is(language: str) -> None:
    with speaking(language):
        assert evidence_words("something: else") == "something: else"
        assert evidence_words("") == ""

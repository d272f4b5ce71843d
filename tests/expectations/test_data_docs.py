"""The pages of what the gates found: all of it, nothing that is masked elsewhere, nothing from another host."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.data_docs.site import render_site
from expectations.results import ExpectationOutcome
from tests.expectations.made import outcome
from tests.expectations.test_gate import case, check

BUILD = "20260620T160000Z_0a1b2c3d"
PHONE = "13800138000"
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> $x ${y} &amp;"


class Page(HTMLParser):
    """What a page shows, its elements, and every address that it names."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action", "srcset")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.texts.append(" ".join(data.split()))

    @property
    def words(self) -> str:
        return " ".join(text for text in self.texts if text)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[ExpectationOutcome], dict[str, str]]:
    """The outcomes of a gate that looked at personal data, and their site."""
    rows = [case(1, status="lost"), *(case(number, phone=PHONE) for number in range(2, 9))]
    outcomes = list(check(tmp_path_factory.mktemp("gate"), *rows).outcomes)
    return outcomes, dict(render_site(BUILD, outcomes))


def test_a_page_for_each_table_says_all_that_the_gate_said(
    real: tuple[list[ExpectationOutcome], dict[str, str]],
) -> None:
    outcomes, site = real
    assert set(site) == {"index.html", "gate_1/raw.cases.html", "gate_1/raw.owners.html"}
    for each in outcomes:
        words = Page(site[f"gate_1/raw.{each.table_name}.html"]).words
        assert each.message in words
        assert each.observed is None or each.observed in words
    index = Page(site["index.html"])
    failing = [each.message for each in outcomes if not each.is_success]
    assert len(failing) == 2
    assert all(message in index.words for message in failing)
    assert set(index.addresses) == set(site) - {"index.html"}


def test_examples_are_shown_and_personal_data_is_not(real: tuple[list[ExpectationOutcome], dict[str, str]]) -> None:
    words = Page(real[1]["gate_1/raw.cases.html"]).words
    assert "c1 lost" in words
    assert "c2 ***" in words
    assert [path for path, page in real[1].items() if PHONE in page] == []


def test_no_page_needs_a_network_or_a_script(real: tuple[list[ExpectationOutcome], dict[str, str]]) -> None:
    for path, page in real[1].items():
        read = Page(page)
        assert not read.tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}, path
        assert read.handlers == []
        assert not re.search(r"(?:https?:)?//|@import|url\(", page), path
        assert "default-src 'none'" in page
        for address in read.addresses:
            assert (Path(path).parent / address).as_posix() in {"gate_1/../index.html", *real[1]}, address


def test_what_a_source_could_write_is_text(real: tuple[list[ExpectationOutcome], dict[str, str]]) -> None:
    hostile = outcome(
        is_success=False,
        message=HOSTILE,
        observed=HOSTILE,
        column_name="<b>column</b>",
        expectation=HOSTILE,
        example_rows=json.dumps([{HOSTILE: HOSTILE, "n": 1, "none": None}]),
    )
    site = dict(render_site(BUILD, [hostile]))
    for page in site.values():
        read = Page(page)
        assert read.tags == read.tags & Page(real[1]["gate_1/raw.cases.html"]).tags
        assert HOSTILE in read.words
    words = Page(site["gate_1/raw.cases.html"]).words
    assert words.count(HOSTILE) == 5
    assert "<b>column</b>" in words


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=40))
def test_any_value_is_shown_as_it_is(value: str) -> None:
    rows = json.dumps([{"value": value}], ensure_ascii=False)
    site = dict(render_site(BUILD, [outcome(is_success=False, example_rows=rows, message=value)]))
    assert site["gate_1/raw.cases.html"].count(html.escape(value, quote=False)) >= 2


def test_the_same_outcomes_make_the_same_site() -> None:
    outcomes = [outcome(), outcome(table_name="*", schema_name="*", column_name=None, is_success=False)]
    site = dict(render_site(BUILD, outcomes))
    assert dict(render_site(BUILD, outcomes)) == site
    assert set(site) == {"index.html", "gate_1/_._.html", "gate_1/raw.cases.html"}


def test_a_warning_is_no_failure_and_stands_after_it() -> None:
    warned = outcome(is_success=False, severity="warn", table_name="a", message="it warns")
    failed = outcome(is_success=False, table_name="b", message="it fails")
    words = Page(dict(render_site(BUILD, [outcome(), warned, failed]))["index.html"]).words
    assert "3: 1 failed, 0 withheld, 1 warned, 1 passed" in words
    assert words.index("failed gate_1 · raw.b it fails") < words.index("warned gate_1 · raw.a it warns")

"""Great Expectations' page renderers, fed with outcomes instead of its own results, and a view without a network.

An outcome is what meta.gates holds: its example rows are masked. Great Expectations' own results also carry values,
queries and tracebacks, so none of them comes near a page. Whatever a source could have written goes into a template's
parameters, which the view escapes; the policy in the page's head lets no script run and nothing be fetched.
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from great_expectations import __version__
from great_expectations.core.expectation_validation_result import (
    ExpectationSuiteValidationResult,
    ExpectationValidationResult,
)
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.render.components import (
    RenderedComponentContent,
    RenderedDocumentContent,
    RenderedHeaderContent,
    RenderedSectionContent,
    RenderedStringTemplateContent,
    RenderedTableContent,
)
from great_expectations.render.renderer.content_block.validation_results_table_content_block import (
    ValidationResultsTableContentBlockRenderer,
)
from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer
from great_expectations.render.view.view import DefaultJinjaPageView
from jinja2 import ChoiceLoader, FileSystemLoader

from expectations.outcomes import configuration_of
from expectations.results import ExpectationOutcome

_HERE = Path(__file__).parent
# State of an expectation → the classes that Data Docs mark it with.
_MARKS = {
    "failed": ("fas", "fa-times", "text-danger"),
    "withheld": ("fas", "fa-ban", "text-danger"),
    "warned": ("fas", "fa-exclamation-triangle", "text-warning"),
    "passed": ("fas", "fa-check-circle", "text-success"),
}
STATES = tuple(_MARKS)
_FAILED_AS = {"stop": "failed", "withhold": "withheld", "warn": "warned"}


def state(outcome: ExpectationOutcome) -> str:
    """One of STATES."""
    if outcome.is_success:
        return "passed"
    return _FAILED_AS[outcome.severity]


def table_page(title: str, build_id: str, outcomes: Sequence[ExpectationOutcome]) -> str:
    """The page of one table in one gate: its expectations by column, as Data Docs show a validation."""
    results = [
        ExpectationValidationResult(
            success=outcome.is_success,
            expectation_config=ExpectationConfiguration(
                type=outcome.expectation,
                # Their heading of a column is not escaped.
                kwargs={} if outcome.column_name is None else {"column": html.escape(outcome.column_name)},
                meta=asdict(outcome),
            ),
        )
        for outcome in outcomes
    ]
    passed = sum(outcome.is_success for outcome in outcomes)
    validation = ExpectationSuiteValidationResult(
        success=passed == len(outcomes),
        results=results,
        suite_name=title,
        suite_parameters={},
        statistics={
            "evaluated_expectations": len(outcomes),
            "successful_expectations": passed,
            "unsuccessful_expectations": len(outcomes) - passed,
            "success_percent": 100 * passed / len(outcomes),
        },
        # A build's name begins with the instant at which it began.
        meta={
            "run_id": {"run_name": build_id, "run_time": build_id.partition("_")[0]},
            "great_expectations_version": __version__,
        },
    )
    document = _PageRenderer(
        column_section_renderer={
            "class_name": "ValidationResultsColumnSectionRenderer",
            "table_renderer": {"class_name": _ExpectationRows.__name__, "module_name": __name__},
        },
        run_info_at_end=True,
    ).render(validation)
    document.page_title = f"{title} · {build_id}"
    return _VIEW.page(document)


def index_page(
    build_id: str,
    tables: Sequence[tuple[str, str, Sequence[ExpectationOutcome]]],
) -> str:
    """The first page: what did not pass, then every table with its counts. `tables` are path, title and outcomes."""
    everything = [outcome for _, _, outcomes in tables for outcome in outcomes]
    counts = ", ".join(f"{_count(everything, each):,} {each}" for each in STATES)
    failing = [
        [_mark(state(outcome)), _link(path, title), _text(outcome.message)]
        for wanted in _FAILED_AS.values()
        for path, title, outcomes in tables
        for outcome in outcomes
        if state(outcome) == wanted
    ]
    overview = [
        [_link(path, title), *(_text(f"{_count(outcomes, each):,}") for each in STATES)]
        for path, title, outcomes in tables
    ]
    sections = [_section("Overview", _header(f"Data Docs · build {build_id}", f"{len(everything):,}: {counts}"))]
    if failing:
        rows = _table(["Status", "Table", "What was found"], failing)
        sections.append(_section("Not passed", _header("Not passed"), rows))
    sections.append(_section("Tables", _header("Tables"), _table(["Table", *STATES], overview)))
    document = RenderedDocumentContent(
        sections=sections, renderer_type="SiteIndexPageRenderer", page_title=f"Data Docs · {build_id}"
    )
    return _VIEW.page(document)


class _PageRenderer(ValidationResultsPageRenderer):
    """The page of a validation, without the link to a page of the suite: a suite is made for each build."""

    @classmethod
    def _render_validation_header(cls, validation_results: ExpectationSuiteValidationResult) -> RenderedHeaderContent:
        outcomes = [ExpectationOutcome(**configuration_of(result).meta) for result in validation_results.results]
        counts = ", ".join(f"{_count(outcomes, each):,} {each}" for each in STATES)
        return _header(validation_results.suite_name, counts)


class _ExpectationRows(ValidationResultsTableContentBlockRenderer):
    """The table of a column's expectations; each row says what the gate said of it."""

    @classmethod
    def _get_content_block_fn(
        cls,
        expectation_type: str,
        expectation_config: ExpectationConfiguration | None = None,  # noqa: ARG003 - theirs
    ) -> Callable[..., list[list[Any]]]:
        def rows(configuration: ExpectationConfiguration, **_: Any) -> list[list[Any]]:  # noqa: ANN401 - theirs
            outcome = ExpectationOutcome(**configuration.meta)
            said: list[RenderedComponentContent] = [_badge(expectation_type), _text(outcome.message)]
            examples = json.loads(outcome.example_rows) if outcome.example_rows else []
            if examples:
                columns = list(dict.fromkeys(column for row in examples for column in row))
                cells = [[_text(_written(row.get(column))) for column in columns] for row in examples]
                said.append(_table(columns, cells, "table-bordered", "table-sm", "mt-3"))
            return [[_mark(state(outcome)), said, _text(outcome.observed or "--")]]

        return rows


class _OfflineView(DefaultJinjaPageView):
    """The view of our own page around Great Expectations' templates: its page loads styles and scripts from the net."""

    _template = "data_docs_page.j2"

    def __init__(self) -> None:
        super().__init__()
        assert self.env.loader is not None  # it has just been given one
        self.env.loader = ChoiceLoader([FileSystemLoader(_HERE), self.env.loader])

    def page(self, document: RenderedDocumentContent) -> str:
        """The page without the blank lines of its templates, which are most of it."""
        lines = (line.strip() for line in self.render(document).splitlines())  # type: ignore[no-untyped-call]
        return "\n".join(line for line in lines if line)


_VIEW = _OfflineView()


def _count(outcomes: Sequence[ExpectationOutcome], wanted: str) -> int:
    return sum(state(outcome) == wanted for outcome in outcomes)


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _text(text: str) -> RenderedStringTemplateContent:
    return _string("$text", {"text": text})


def _badge(text: str) -> RenderedStringTemplateContent:
    return _string("$text", {"text": text}, {"params": {"text": {"classes": ["badge", "badge-secondary"]}}})


def _link(path: str, title: str) -> RenderedStringTemplateContent:
    return _string("$text", {"text": title}, {"params": {"text": {"tag": "a", "attributes": {"href": path}}}})


def _mark(wanted: str) -> RenderedStringTemplateContent:
    styling = {"params": {"icon": {"tag": "i", "classes": list(_MARKS[wanted])}}}
    return _string("$icon $text", {"icon": "", "text": wanted}, styling)


def _string(
    template: str, params: dict[str, str], styling: dict[str, Any] | None = None
) -> RenderedStringTemplateContent:
    content = {"template": template, "params": params} | ({"styling": styling} if styling else {})
    return RenderedStringTemplateContent(content_block_type="string_template", string_template=content)


def _header(title: str, below: str | None = None) -> RenderedHeaderContent:
    return RenderedHeaderContent(
        header=_text(title),
        subheader=None if below is None else _text(below),
        styling={"classes": ["col-12", "p-0"], "header": {"classes": ["alert", "alert-secondary"]}},
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]], *classes: str) -> RenderedTableContent:
    return RenderedTableContent(
        table=list(rows),
        header_row=[_text(each) for each in head],
        styling={"body": {"classes": ["table", *classes]}},
    )


def _section(name: str, *blocks: RenderedComponentContent) -> RenderedSectionContent:
    return RenderedSectionContent(section_name=name, content_blocks=list(blocks))

"""The site of one build: which pages it has and what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from expectations.results import ExpectationOutcome

_NOT_OF_A_NAME = re.compile(r"[^A-Za-z0-9_.-]")


def render_site(build_id: str, outcomes: Sequence[ExpectationOutcome]) -> Iterator[tuple[str, str]]:
    """Yield path and HTML of every page of a build's Data Docs, the index last.

    The pages depend on nothing but what is given; each stands alone: it fetches no file and runs no script.
    """
    # Great Expectations takes seconds to import; who builds no site should not wait for it.
    from expectations.data_docs.pages import index_page, table_page  # noqa: PLC0415

    by_table: dict[tuple[str, str, str], list[ExpectationOutcome]] = {}
    for outcome in outcomes:
        by_table.setdefault((outcome.gate, outcome.schema_name, outcome.table_name), []).append(outcome)
    tables = []
    for (gate, schema, table), of_table in sorted(by_table.items()):
        path = f"{gate}/{_NOT_OF_A_NAME.sub('_', f'{schema}.{table}')}.html"
        title = f"{gate} · {schema}.{table}"
        tables.append((path, title, of_table))
        yield path, table_page(title, build_id, of_table)
    yield "index.html", index_page(build_id, tables)

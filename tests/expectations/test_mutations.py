"""Every expectation of both gates is seen to fail on the sample company, and alone as far as logic allows.

What failed beside a broken expectation is about a column that was changed for it; of all rows and ways to break it,
the one with the fewest others was taken.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import get_args

import pytest

from expectations.results import Gate
from tests.company import Company
from tests.expectations.mutations import Seen, break_rows, break_wholes
from tests.expectations.stages import stage_of


@pytest.fixture(scope="module", params=get_args(Gate))
def seen(request: pytest.FixtureRequest, sample_company: Company, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """What came of breaking everything that a gate demands."""
    ingest = sample_company.root / "ingest" / "ingest.duckdb"
    folder = tmp_path_factory.mktemp(request.param)
    stage = stage_of(request.param, ingest, sample_company.current.resolve(), folder)
    rows, wholes = break_rows(stage), break_wholes(stage)
    both = Seen(
        rows.demanded | wholes.demanded,
        rows.failed | wholes.failed,
        rows.beside | wholes.beside,
        rows.unexplained + wholes.unexplained,
    )
    print(f"\n{request.param}\n{table_of(both)}")  # noqa: T201 - the table of docs/gates.md; pytest shows it with -s
    return both


def kind(name: str) -> str:
    """The kind of an expectation, of which the name goes on with a table or column."""
    return re.sub(r"^(not_less_than|known_in)_.*", r"\1_…", name)


def table_of(seen: Seen) -> str:
    """Expectations, mutations that were seen to fail, and of these alone, by kind."""
    demanded = Counter(kind(name) for _, (name, _) in seen.demanded)
    failed = Counter(kind(name) for _, (name, _) in seen.failed)
    alone = Counter(kind(name) for table, (name, column) in seen.failed if not seen.beside[table, (name, column)])
    lines = ["| expectation | demanded | seen to fail | of these alone |", "|---|---|---|---|"]
    often = [name for name, count in demanded.most_common() if count > 1]
    lines += [f"| `{name}` | {demanded[name]} | {failed[name]} | {alone[name]} |" for name in often]
    once = [name for name in demanded if demanded[name] == 1]
    found = (sum(counts[name] for name in once) for counts in (demanded, failed, alone))
    lines.append(f"| on one table each | {' | '.join(map(str, found))} |")
    lines.append(f"| all | {demanded.total()} | {failed.total()} | {alone.total()} |")
    return "\n".join(lines)


def test_every_expectation_was_seen_to_fail(seen: Seen) -> None:
    assert seen.demanded - seen.failed == set()


def test_what_fails_is_what_was_broken(seen: Seen) -> None:
    """Each count of each expectation is that of the rows broken for it, and of those that cannot but break it too."""
    assert seen.unexplained == []

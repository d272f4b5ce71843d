"""Staging is the contract and nothing else: a view per feed, all of one shape, that passes on no direct identifier."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestration.extract.contract import Feed, read_contract

STAGING = Path(__file__).parents[2] / "dbt_project" / "models" / "staging"
CAST = re.compile(r"^    cast\((\w+) as ([a-z]+(?:\(\d+, \d+\))?)\) as (\w+),?$")


@pytest.mark.parametrize("feed", read_contract().values(), ids=lambda feed: feed.name)
def test_a_staging_view_has_the_columns_of_its_feed_but_no_direct_identifiers(feed: Feed) -> None:
    lines = (STAGING / f"stg_{feed.name}.sql").read_text(encoding="utf-8").splitlines()

    assert lines[0] == "select"
    assert lines[-1] == f"from {{{{ source('{feed.schema}', '{feed.name}') }}}}"
    casts = [CAST.match(line) for line in lines[1:-1]]
    assert all(casts), [line for line, cast in zip(lines[1:-1], casts, strict=True) if not cast]
    staged = {(cast[1], cast[2].replace(" ", ""), cast[3]) for cast in casts if cast}
    expected = {(column.name, column.type, column.name) for column in feed.columns if column.pii != "direct"}
    assert staged == expected | {("_source", "varchar", "source")}

"""The README names every table that an analyst can query: what nobody can find might as well not be there."""

from __future__ import annotations

import re

from tests.company import ROOT


def test_the_readme_lists_the_published_marts() -> None:
    marts = {path.stem for path in (ROOT / "dbt_project/models/marts").rglob("*.sql")}
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`((?:fct|dim|agg|kpi)_\w+)`", row)}
    assert named == marts

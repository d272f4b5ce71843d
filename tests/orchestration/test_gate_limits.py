"""A company's own limits decide what its build does."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.company import Company

HEADER = (
    "gate,table_name,column_name,expectation,severity,tolerated_share,lowest,highest,minimum_count,"
    "valid_from_date,valid_to_date,reason"
)
ROWS = (
    "gate_1,shifts,ends_at,not_less_than_starts_at,stop,0.0001,,,,2026-01-01,,Three shifts end early.",
    "gate_2,fct_tickets,site,known_in_dim_sites,warn,,,,,2026-01-01,,A misspelt column.",
)


def test_a_stricter_limit_and_a_mistaken_one_stop_the_build(sample_company: Company, tmp_path: Path) -> None:
    limits, profile = tmp_path / "limits.csv", tmp_path / "own.yml"
    limits.write_text("\n".join([HEADER, *ROWS, ""]), encoding="utf-8")
    profile.write_text(f"extends: sample\nname: own\npolicies:\n  gate_limits: {limits}\n", encoding="utf-8")
    company = Company(tmp_path, profile=str(profile))
    shutil.copytree(sample_company.root / "sources", company.root / "sources")
    said = company.run("build", expected=1)
    told = said.stdout + said.stderr
    assert "ends_at is not less than starts_at; up to 0.01% are tolerated" in told
    assert "limits.csv:3: fct_tickets site known_in_dim_sites names no expectation of gate_2" in told
    assert "the nearest are fct_tickets site_id known_in_dim_sites" in told
    assert not company.current.exists()

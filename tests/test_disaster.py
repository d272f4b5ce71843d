"""The landed feeds are lost: what the archive gives back is the same, and so is what is reported from it."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from tests.company import Company
from tests.orchestration.archive.conftest import content_of


def test_a_lost_ingest_file_comes_back_and_reports_the_same(sample_company: Company, tmp_path: Path) -> None:
    """Damaged, then deleted: a build says so and stops; rebuilt, it is the same file, and restated from the archive
    alone it gives the same marts, apart from the live version."""
    shutil.copytree(sample_company.data_dir, tmp_path / "data", symlinks=True)
    company = Company(tmp_path / "data", sample_company.profile)
    ingest, served, contents = company.root / "ingest" / "ingest.duckdb", company.current.resolve(), company.contents()
    before = content_of(ingest)

    os.truncate(ingest, ingest.stat().st_size // 2)
    said = company.run("build", expected=1).stderr
    assert f"{ingest} is damaged: " in said
    assert "`aftersales archive rebuild` sets it aside" in said
    assert "Traceback" not in said
    assert "set aside: " in company.run("archive", "rebuild").stdout
    assert content_of(ingest) == before

    ingest.unlink()
    company.run("archive", "rebuild")
    assert content_of(ingest) == before
    assert "all whole" in company.run("archive", "verify").stdout
    refused = company.run("archive", "rebuild", expected=1).stderr
    assert "is there and whole" in refused

    known_at = datetime.now(UTC)
    told = company.run("restate", "--known-at", known_at.isoformat(timespec="seconds")).stdout
    apart = Company(company.root / "restated", f"{known_at:%Y%m%dT%H%M%SZ}")
    assert f"restated: {apart.current}; the live version is as it was" in told
    assert apart.contents() == contents
    assert company.current.resolve() == served
    assert content_of(ingest) == before

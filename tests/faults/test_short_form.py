"""The short form of the proof: a build killed at any moment harms neither the readers nor the next build.

`make faults` is the whole of it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.company import Company
from tests.faults.companies import dbt_processes, log_of, problems_at_rest, problems_of_served
from tests.faults.killing import kill_build_when, stop_build_when
from tests.faults.readers import reading
from tests.faults.scenarios import holds_feeds

READERS = 4


def test_killed_builds_never_harm_readers_and_the_next_build_completes(sample_company: Company, tmp_path: Path) -> None:
    """SIGKILL while landing, while dbt runs (whose process survives its parent), and while publishing, and SIGTERM
    while dbt runs (whose process ends with it), with four readers at work throughout; then an undisturbed build gives
    the marts that the company had before."""
    shutil.copytree(sample_company.data_dir, tmp_path / "data", symlinks=True)
    company = Company(tmp_path / "data", sample_company.profile)
    before, served = company.contents(), company.current.resolve()
    for folder in ("ingest", "archive"):  # so that there is something to land again
        shutil.rmtree(company.root / folder)

    with reading(company, tmp_path / "stop", count=READERS) as reports:
        kill_build_when(
            company, lambda: (company.data_dir / "build.log").exists() and "landed tickets" in log_of(company, 1000)
        )
        assert company.current.resolve() == served
        assert company.contents() == before

        kill_build_when(company, lambda: holds_feeds(company))
        for orphan in dbt_processes(company):
            orphan.suspend()  # it would notice its parent's death by its next line of output; a long query would not
        assert holds_feeds(company), "dbt should have outlived its parent: the fault is not the one meant"
        assert company.contents() == before

        # The suspended orphan holds the feeds until the next build has ended it.
        assert (
            stop_build_when(company, lambda: "ended process" in log_of(company, 1000) and holds_feeds(company)) == 130
        )
        assert "stopped on request; nothing was published" in log_of(company, 1000)
        assert dbt_processes(company) == []
        assert company.current.resolve() == served

        kill_build_when(company, lambda: "trust: " in log_of(company, 1000))  # the last word before publication
        assert company.current.resolve() == served
        assert company.contents() == before

        company.run("build", "--force")

    assert company.current.resolve() != served
    assert company.contents() == before
    assert [*problems_of_served(company, before), *problems_at_rest(company)] == []
    for report in reports:
        assert report.errors == []
        assert report.versions == 2
        assert report.reads > 100

"""A build killed at any moment harms neither the readers nor the next build."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.company import Company

READERS = 4

# A reader as the report is one: holds the version it opened, and moves on when the link does. Every read checks that
# the rows it sees are the rows that the version says it has.
_READER = """
import json, os, sys, time
import duckdb
current, stop = sys.argv[1:]
reads, versions, errors, path, con = 0, set(), [], None, None
while not os.path.exists(stop):
    try:
        target = os.path.realpath(current)
        if target != path:
            if con is not None:
                con.close()
            con, path = duckdb.connect(target, read_only=True), target
        found = con.execute("select count(*) from marts.fct_tickets").fetchone()
        said = con.execute("select row_count from meta.tables where table_name = 'fct_tickets'").fetchone()
        if found != said:
            errors.append(f"{target}: {found} rows, {said} said")
        reads += 1
        versions.add(target)
    except Exception as error:
        errors.append(repr(error))
    time.sleep(0.05)
print(json.dumps({"reads": reads, "versions": len(versions), "errors": errors[:5]}))
"""


@contextmanager
def reading(company: Company, stop: Path) -> Iterator[list[dict[str, object]]]:
    """Readers at work for the block; what they saw is in the list after it."""
    reports: list[dict[str, object]] = []
    readers = [
        subprocess.Popen([sys.executable, "-c", _READER, company.current, stop], stdout=subprocess.PIPE, text=True)
        for _ in range(READERS)
    ]
    try:
        yield reports
    finally:
        stop.touch()
        reports.extend(json.loads(reader.communicate(timeout=60)[0]) for reader in readers)


def kill_build_when(company: Company, is_time: Callable[[], bool]) -> None:
    """Start a build, and SIGKILL it (not its children) as soon as `is_time`."""
    build = _start_and_wait(company, is_time)
    build.kill()
    build.wait()


def stop_build_when(company: Company, is_time: Callable[[], bool]) -> int:
    """Start a build, ask it to end (SIGTERM) as soon as `is_time`, and return its exit code."""
    build = _start_and_wait(company, is_time)
    build.terminate()
    return build.wait(timeout=60)


def _start_and_wait(company: Company, is_time: Callable[[], bool]) -> subprocess.Popen[str]:
    build = company.start("build")
    deadline = time.monotonic() + 300
    while not is_time():
        assert build.poll() is None, f"the build ended before it could be killed:\n{log_of(company)}"
        assert time.monotonic() < deadline, f"the moment to kill never came:\n{log_of(company)}"
        time.sleep(0.001)
    return build


def log_of(company: Company) -> str:
    return (company.data_dir / "build.log").read_text()


def dbt_processes(company: Company) -> list[psutil.Process]:
    """dbt processes of this company's builds."""
    marker = str(company.root / "build")
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("AFTERSALES_BUILD_FILE", "").startswith(marker):
                found.append(process)
        except psutil.Error:
            continue
    return found


def holds_feeds(company: Company) -> bool:
    """A dbt process of this company has the landed feeds open, and with them the lock on their file."""
    feeds = str(company.root / "ingest" / "ingest.duckdb")
    try:
        return any(file.path == feeds for process in dbt_processes(company) for file in process.open_files())
    except psutil.Error:
        return False


def test_killed_builds_never_harm_readers_and_the_next_build_completes(sample_company: Company, tmp_path: Path) -> None:
    """SIGKILL while landing, while dbt runs (whose process survives its parent), and while publishing, and SIGTERM
    while dbt runs (whose process ends with it), with four readers at work throughout; then an undisturbed build gives
    the marts that the company had before."""
    shutil.copytree(sample_company.data_dir, tmp_path / "data", symlinks=True)
    company = Company(tmp_path / "data", sample_company.profile)
    before, served = company.contents(), company.current.resolve()
    for folder in ("ingest", "archive"):  # so that there is something to land again
        shutil.rmtree(company.root / folder)
    drafts = company.root / "published"

    with reading(company, tmp_path / "stop") as reports:
        kill_build_when(
            company, lambda: (company.data_dir / "build.log").exists() and "landed tickets" in log_of(company)
        )
        assert company.current.resolve() == served
        assert company.contents() == before

        kill_build_when(company, lambda: holds_feeds(company))
        for orphan in dbt_processes(company):
            orphan.suspend()  # it would notice its parent's death by its next line of output; a long query would not
        assert holds_feeds(company), "dbt should have outlived its parent: the fault is not the one meant"
        assert company.contents() == before

        # The suspended orphan holds the feeds until the next build has ended it.
        assert stop_build_when(company, lambda: "ended process" in log_of(company) and holds_feeds(company)) == 130
        assert "stopped on request; nothing was published" in log_of(company)
        assert dbt_processes(company) == []
        assert company.current.resolve() == served

        kill_build_when(company, lambda: any(drafts.glob(".warehouse_*.draft")))
        assert company.current.resolve() == served
        assert company.contents() == before

        company.run("build")

    assert company.current.resolve() != served
    assert company.contents() == before
    assert [path.name for path in drafts.iterdir() if path.name.startswith(".")] == []
    assert dbt_processes(company) == []
    for report in reports:
        assert report["errors"] == []
        assert report["versions"] == 2
        assert int(str(report["reads"])) > 100

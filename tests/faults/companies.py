"""A company that can be put back before its last delivery, again and again, while readers stay at its versions."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from orchestration.versions.inspection import verify
from tests.company import ROOT, Company
from tests.daily_deliveries import plan_deliveries
from tests.test_daily_steps import AS_OF, DAYS, make_company

Contents = dict[str, tuple[int, str]]

_BUILD = ("build", "--force", "--as-of", f"{AS_OF:%Y-%m-%dT%H:%M:%S}+08:00")
# No build takes so long, whatever else the machine does.
TIMEOUT_SECONDS = 1800
_LANDED = ("ingest", "archive", "sources")


@dataclass
class Tally:
    """What came of faults of one kind.

    kills: processes killed. missed: builds that completed before the point or instant came. completed: builds that
    were left to complete afterwards, and did. checks: how often every row of the served version was read and hashed.
    """

    kills: int = 0
    missed: int = 0
    completed: int = 0
    checks: int = 0
    problems: list[str] = field(default_factory=list)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.kills + other.kills,
            self.missed + other.missed,
            self.completed + other.completed,
            self.checks + other.checks,
            [*self.problems, *other.problems],
        )


@dataclass(frozen=True)
class Stage:
    """What the company may have landed and be delivered, and what an undisturbed build makes of that.

    folder: ingest, archive and sources. seconds: what the undisturbed build took; points: those it went through.
    """

    name: str
    folder: Path
    contents: Contents
    seconds: float
    points: list[str]


@dataclass(frozen=True)
class Rehearsed:
    """A company whose undisturbed builds are known. `stages` both begin where the last day is not landed yet: one has
    it delivered, in the other it never comes."""

    company: Company
    stages: tuple[Stage, Stage]

    def put_back(self, stage: Stage) -> None:
        """Give the company what is landed and delivered in `stage`; what is published stays."""
        for name in _LANDED:
            shutil.rmtree(self.company.root / name)
            shutil.copytree(stage.folder / name, self.company.root / name)

    def copy_to(self, folder: Path) -> Company:
        """A company of its own, with all that this one has."""
        return copy_company(self.company, folder)


def rehearse(folder: Path, tickets: int) -> Rehearsed:
    """Build the company with and without its last day, undisturbed, and note what came of it and by which points."""
    whole = Company(folder / "whole")
    whole.data_dir.mkdir(parents=True)
    whole.run("sample", "--tickets", str(tickets))
    planned = plan_deliveries(whole.root / "sources", AS_OF, DAYS)
    (folder / "daily").mkdir()
    company = make_company(folder / "daily")
    for day in range(DAYS):
        planned.write(day, company.root / "sources")
    company.run(*_BUILD)
    without = folder / "without"
    _keep(company, without)
    first = _rehearse(company, "without the last day", without)
    with_last = folder / "with"
    shutil.copytree(without, with_last)
    planned.write(DAYS, with_last / "sources")
    rehearsed = Rehearsed(company, (first, first))
    rehearsed.put_back(Stage("", with_last, {}, 0, []))
    second = _rehearse(company, "with the last day", with_last)
    if first.contents == second.contents:
        raise RuntimeError("the last day changes nothing: another number of tickets is needed")
    return Rehearsed(company, (first, second))


def copy_company(company: Company, folder: Path) -> Company:
    """`company` with its profile in another folder, as if it had always been there."""
    shutil.copytree(company.data_dir, folder, symlinks=True)
    return Company(folder, profile=str(folder / Path(company.profile).name))


def _keep(company: Company, folder: Path) -> None:
    for name in _LANDED:
        shutil.copytree(company.root / name, folder / name)


def _rehearse(company: Company, name: str, folder: Path) -> Stage:
    """Build undisturbed what is landed in `folder`, of which the company has a copy."""
    record = folder / "points"
    started = time.monotonic()
    build = start_doomed(company, "record", str(record))
    if build.wait() != 0:
        raise RuntimeError(f"the undisturbed build failed:\n{log_of(company)}")
    seconds = time.monotonic() - started
    return Stage(name, folder, company.contents(), seconds, record.read_text(encoding="utf-8").splitlines())


def start_build(company: Company, *wrapper: str, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """Start a build by the command line, and return at once."""
    started = Company(company.data_dir, company.profile, {**company.environment, **(environment or {})})
    return started.start(*_BUILD, wrapper=wrapper)


def start_doomed(company: Company, fate: str, point: str) -> subprocess.Popen[str]:
    """Start a build that meets its fate at a point; see tests.faults.doomed."""
    with (company.data_dir / "build.log").open("a") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.doomed", fate, point, *_BUILD],
            env=company.command_environment,
            cwd=ROOT,
            stdout=log,
            stderr=log,
            text=True,
        )


def log_of(company: Company, lines: int = 40) -> str:
    """The last lines that builds of the company said."""
    return "\n".join((company.data_dir / "build.log").read_text(encoding="utf-8").splitlines()[-lines:])


def dbt_processes(company: Company) -> list[psutil.Process]:
    """dbt processes of this company's builds."""
    marker = str(company.root / "build") + "/"
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("AFTERSALES_BUILD_FILE", "").startswith(marker):
                found.append(process)
        except psutil.Error:
            continue
    return found


def problems_of_served(company: Company, *expected: Contents) -> list[str]:
    """What is wrong with the served version: it must be whole, and have one of the `expected` contents."""
    served = company.current.resolve()
    problems = verify(served, served.stem.removeprefix("warehouse_"))
    if not problems and company.contents() not in expected:
        problems.append(f"{served.name} has contents that no undisturbed build has")
    return problems


def problems_at_rest(company: Company) -> list[str]:
    """What a completed build must not leave: drafts, a write-ahead log, dbt processes, runs that claim to execute."""
    problems = [f"left: {path.name}" for path in (company.root / "published").glob(".*")]
    problems += [f"left: {path}" for path in company.root.glob("*/*.wal")]
    problems += [f"left: process {process.pid}" for process in dbt_processes(company)]
    runs = company.root / "dagster" / "history" / "runs.db"
    with closing(sqlite3.connect(f"file:{runs}?mode=ro", uri=True)) as con:
        found = con.execute("select run_id, status from runs where status not in ('SUCCESS', 'FAILURE', 'CANCELED')")
        problems += [f"left: run {run_id} {status}" for run_id, status in found]
    verified = json.dumps(company.run("archive", "verify").stdout)
    return problems if "all whole" in verified else [*problems, f"archive: {verified}"]

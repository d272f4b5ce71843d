"""Faults other than kills at many points: each is done while readers are at the versions, and then set right.

The clock is set back for one process by Debian's faketime.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import psutil

from orchestration.versions.store import list_versions
from tests.company import AFTERSALES, ROOT, Company
from tests.faults.companies import TIMEOUT_SECONDS, Rehearsed, dbt_processes, start_build, start_doomed
from tests.faults.disks import fill, read_only, small_disk
from tests.faults.readers import reading
from tests.faults.trial import Trial

_POOL = "warehouse"
_PORT = 3399


def two_builds_at_once(trial: Trial) -> None:
    """One of them builds, the other one says who does."""
    trial.put_back()
    builds = [start_build(trial.company), start_build(trial.company)]
    codes = sorted(build.wait(TIMEOUT_SECONDS) for build in builds)
    trial.expect(codes == [0, 1], f"two builds at once ended with {codes}")
    trial.expect("another build holds" in trial.said, "nobody said who builds")
    trial.completed()


def orphaned_dbt(trial: Trial) -> None:
    """A build is killed, but its dbt process lives on, hangs, and holds the landed feeds open."""
    trial.put_back()
    build = start_build(trial.company)
    trial.wait_until(build, lambda: holds_feeds(trial.company))
    build.kill()
    build.wait()
    trial.tally.kills += 1
    for orphan in dbt_processes(trial.company):
        orphan.suspend()
    trial.expect(holds_feeds(trial.company), "dbt did not outlive its parent: the fault is not the one meant")
    trial.serves_as_before()
    trial.completes()
    trial.expect("ended process" in trial.said, "no word of the orphan")


def truncated_build_file(trial: Trial) -> None:
    """The build's own file loses its second half after the models were built."""
    trial.put_back()
    trial.fails(start_doomed(trial.company, "truncate", "after models"), "not published")
    trial.completes()


def damaged_version(trial: Trial) -> None:
    """The served file is damaged on disk: the next build replaces it, and nobody goes back to it."""
    trial.put_back()
    company, served = trial.company, trial.company.current.resolve()
    damaged = Path(shutil.copy(served, trial.folder.with_suffix(".damaged")))
    with damaged.open("r+b") as file:
        for position in range(4096, damaged.stat().st_size, damaged.stat().st_size // 50):
            file.seek(position)
            file.write(os.urandom(64))
    shutil.move(damaged, served)  # readers keep the file that they opened
    trial.completes()
    now_served, build_id = company.current.resolve(), served.stem.removeprefix("warehouse_")
    verified = company.run("versions", "verify", build_id, expected=1)
    trial.expect(build_id in verified.stdout + verified.stderr, "verification does not name the damaged version")
    refused = company.run("rollback", build_id, expected=1).stderr
    trial.expect("is damaged" in refused, f"rolled back to a damaged version: {refused}")
    trial.expect(company.current.resolve() == now_served, "the link moved")
    served.unlink()


def stale_wal(trial: Trial) -> None:
    """A write-ahead log of another database lies beside the served file: nobody reads it as if it belonged there."""
    trial.put_back()
    company, served = trial.company, trial.company.current.resolve()
    wal = served.with_name(f"{served.name}.wal")
    shutil.move(_log_of_another(trial.folder), wal)
    trial.completes(but=f"left: {wal}")
    build_id = served.stem.removeprefix("warehouse_")
    verified = company.run("versions", "verify", build_id, expected=1)
    trial.expect(build_id in verified.stdout + verified.stderr, "verification does not name the version with the log")
    wal.unlink()
    company.run("versions", "verify", build_id)


def clock_set_back(trial: Trial) -> None:
    """A build two days in the past follows those of today, and one of today follows that."""
    folder = trial.company.root / "published"
    order = [version.build_id for version in list_versions(folder)]
    for wrapper in (("faketime", "-f", "-2d"), ()):
        trial.put_back()
        trial.completes(start_build(trial.company, *wrapper, environment={"FAKETIME_DONT_FAKE_MONOTONIC": "1"}))
        is_told = "the clock of this machine says" in trial.said
        trial.expect(is_told == bool(wrapper), f"told of the clock: {is_told}")
        order.append(trial.company.current.resolve().stem.removeprefix("warehouse_"))
        listed = [version.build_id for version in list_versions(folder)]
        trial.expect(listed == order[-len(listed) :], f"versions are listed as {listed}, but followed as {order}")


def read_only_folder(trial: Trial) -> None:
    """The folder of versions, and then the whole company, can be read but not written."""
    for place in (trial.company.root / "published", trial.company.root):
        trial.put_back()
        with read_only(place):
            trial.fails(start_build(trial.company), "Read-only file system")
    trial.completes()


def full_disk(trial: Trial) -> None:
    """The disk gets full while feeds are landed, while models are built, and when the version is to be written."""
    with small_disk(trial.folder, megabytes=2000) as disk:
        apart = Rehearsed(trial.rehearsed.copy_to(disk / "data"), trial.rehearsed.stages)
        there = Trial(apart, disk / "scratch", trial.tally)
        with reading(apart.company, trial.folder.with_suffix(".stop"), count=4) as reports:
            for moment in ("landed tickets", "gate_1 passed", "gate_2 passed"):
                there.put_back()
                build = start_build(apart.company)
                there.wait_until(build, _is_said(there, moment))
                balloon = fill(disk)
                there.fails(build, "o space left", "disk is full")  # as the system, DuckDB and SQLite say it
                balloon.unlink()
                there.completes()
        trial.tally.problems += [error for report in reports for error in report.errors]


def restart_of_the_machine(trial: Trial) -> None:
    """Dagster's services and the run that they started die at once, with a slot of a pool in the run's hand."""
    trial.put_back()
    company = trial.company
    with _services(company, trial.folder) as services:
        first = _launch(company)
        trial.wait_until(services, lambda: bool(dbt_processes(company)))
        os.killpg(services.pid, signal.SIGKILL)
        for process in dbt_processes(company):
            process.kill()
        trial.tally.kills += 1
    with _instance(company) as instance:
        instance.event_log_storage.set_concurrency_slots(_POOL, 1)
        is_claimed = instance.event_log_storage.claim_concurrency_slot(_POOL, first, "models").is_claimed
        trial.expect(is_claimed and _status(instance, first) == "STARTED", "the fault is not the one meant")
    trial.serves_as_before()
    with _services(company, trial.folder) as services:
        second = _launch(company)
        with _instance(company) as instance:
            trial.wait_until(services, lambda: _status(instance, second) in ("SUCCESS", "FAILURE"))
            trial.expect(_status(instance, first) == "FAILURE", "the dead run is not told of")
            trial.expect(_status(instance, second) == "SUCCESS", "the next run failed")
            is_free = not instance.event_log_storage.get_concurrency_info(_POOL).active_run_ids
            trial.expect(is_free, "the dead run still holds its slot")
    trial.completed()


SCENARIOS: dict[str, Callable[[Trial], None]] = {
    "two builds at once": two_builds_at_once,
    "orphaned dbt": orphaned_dbt,
    "truncated build file": truncated_build_file,
    "damaged version": damaged_version,
    "stale write-ahead log": stale_wal,
    "clock set back": clock_set_back,
    "read-only folder": read_only_folder,
    "full disk": full_disk,
    "restart of the machine": restart_of_the_machine,
}


def _is_said(trial: Trial, words: str) -> Callable[[], bool]:
    return lambda: words in trial.said


def holds_feeds(company: Company) -> bool:
    """A dbt process of the company has the landed feeds open, and with them the lock on their file."""
    feeds = str(company.root / "ingest" / "ingest.duckdb")
    try:
        return any(file.path == feeds for process in dbt_processes(company) for file in process.open_files())
    except psutil.Error:  # one has just ended
        return False


_LEAVE_A_LOG = """
import os, signal, sys
import duckdb
con = duckdb.connect(sys.argv[1])
con.execute("create table t as select 1 as a")
con.execute("checkpoint")
con.execute("insert into t values (2)")
os.kill(os.getpid(), signal.SIGKILL)
"""


def _log_of_another(folder: Path) -> Path:
    """The write-ahead log that a killed writer of another database left."""
    folder.mkdir()
    subprocess.run([sys.executable, "-c", _LEAVE_A_LOG, folder / "other.duckdb"], check=False)
    return folder / "other.duckdb.wal"


@contextmanager
def _services(company: Company, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Dagster's services as `aftersales dagster` starts them, in a process group of their own."""
    folder.mkdir(exist_ok=True)
    with (folder / "dagster.log").open("a") as log:
        services = subprocess.Popen(
            [AFTERSALES, "dagster", "--port", str(_PORT)],
            env={**company.command_environment, "AFTERSALES_AS_OF": "2026-07-01T00:00:00+08:00"},
            cwd=ROOT,
            stdout=log,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    try:
        yield services
    finally:
        if services.poll() is None:
            os.killpg(services.pid, signal.SIGTERM)
        services.wait(120)


def _launch(company: Company) -> str:
    """Hand the job to the services, as the schedule does; the run's id."""
    command = ["job", "launch", "-m", "orchestration.definitions", "-j", "build_warehouse"]
    subprocess.run(
        [Path(sys.executable).with_name("dagster"), *command],
        env={**company.command_environment, "DAGSTER_HOME": str(company.root / "dagster")},
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with _instance(company) as instance:
        return instance.get_runs(limit=1)[0].run_id


@contextmanager
def _instance(company: Company) -> Iterator[dg.DagsterInstance]:
    os.environ["DAGSTER_HOME"] = str(company.root / "dagster")
    with dg.DagsterInstance.from_config(os.environ["DAGSTER_HOME"]) as instance:
        yield instance


def _status(instance: dg.DagsterInstance, run_id: str) -> str:
    run = instance.get_run_by_id(run_id)
    return run.status.value if run else "unknown"

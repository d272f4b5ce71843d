"""A real Spark cluster on this machine: a master and two workers, from the package in Spark's environment."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

_EXECUTOR = "CoarseGrainedExecutorBackend"


@dataclass(frozen=True)
class Cluster:
    """A running cluster; `folder` holds its logs and its workers' folders."""

    master: str
    workers: tuple[psutil.Process, ...]
    folder: Path

    def executors(self) -> list[psutil.Process]:
        """The executors that run now."""
        return [
            child
            for worker in self.workers
            for child in worker.children(recursive=True)
            if any(_EXECUTOR in part for part in _command_of(child))
        ]

    def started_executors(self) -> int:
        """How many executors its workers have ever started."""
        return len(list(self.folder.glob("work_*/app-*/*/stderr")))


@contextmanager
def running_cluster(spark_environment: Path, folder: Path) -> Iterator[Cluster]:
    """Start a master and two workers of one core each; end them, and what they started, at the end."""
    spark_class = next(spark_environment.glob("lib/python*/site-packages/pyspark/bin/spark-class"))
    port = _free_port()
    master = f"spark://127.0.0.1:{port}"
    started: list[psutil.Process] = []

    def start(name: str, *arguments: str) -> psutil.Process:
        environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_NO_DAEMONIZE": "1"}
        with (folder / f"{name}.log").open("w") as log:
            command = [str(spark_class), f"org.apache.spark.deploy.{arguments[0]}", *arguments[1:]]
            process = psutil.Process(
                subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT).pid
            )
        started.append(process)
        return process

    try:
        start("master", "master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", str(_free_port()))
        workers = tuple(
            start(
                f"worker_{number}", "worker.Worker", "--cores", "1", "--memory", "1500m", "--webui-port",
                str(_free_port()), "--work-dir", str(folder / f"work_{number}"), master,
            )
            for number in (1, 2)
        )  # fmt: skip
        _wait_for_workers(folder / "master.log", 2)
        yield Cluster(master, workers, folder)
    finally:
        for process in reversed(started):
            for each in [*process.children(recursive=True), process]:
                each.kill()
        psutil.wait_procs(started, timeout=30)


def _wait_for_workers(log: Path, count: int) -> None:
    until = time.monotonic() + 180
    while log.read_text().count("Registering worker") < count:
        assert time.monotonic() < until, f"the workers did not come:\n{log.read_text()}"
        time.sleep(0.5)


def _command_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

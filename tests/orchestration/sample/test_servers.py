"""Throw-away servers: they answer, keep what was committed, run as nobody special, and go with who started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from orchestration.sample.server_process import program, running, server_home
from orchestration.sample.servers import Server, ServerFailed, ServerMissing, mariadb_server, postgres_server

SERVERS = {"postgres": postgres_server, "mariadb": mariadb_server}

_STARTER = """
import sys, time
from pathlib import Path
from orchestration.sample.servers import mariadb_server, postgres_server
make = {"postgres": postgres_server, "mariadb": mariadb_server}[sys.argv[1]]
with make(Path(sys.argv[2])) as server:
    print(server._process.pid, server._home, flush=True)
    time.sleep(60)
"""


@pytest.fixture(scope="module", params=SERVERS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    make: Callable[[Path], AbstractContextManager[Server]] = SERVERS[request.param]
    try:
        with make(tmp_path_factory.mktemp(request.param)) as running_server:
            yield running_server
    except ServerMissing as missing:
        pytest.skip(str(missing))


def ask(server: Server, *statements: str) -> list[tuple[object, ...]]:
    """Carry out statements over a connection of their own; return the rows of the last one, if it gives any."""
    engine = sa.create_engine(server.url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        for statement in statements:
            result = connection.execute(sa.text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


def test_a_server_keeps_what_was_committed_when_it_is_stopped_or_killed(server: Server) -> None:
    ask(server, "create table word (text varchar(20))")
    for number, end in enumerate((server.stop, server.kill), start=1):
        ask(server, "insert into word values ('豪盛')")
        end()
        assert not server.is_running
        with pytest.raises(sa.exc.OperationalError):
            ask(server, "select 1")
        server.start()
        assert server.is_running
        assert ask(server, "select text from word") == [("豪盛",)] * number


def test_its_password_is_asked_for_and_not_shown(server: Server) -> None:
    password = str(sa.make_url(server.url).password)
    assert len(password) >= 32
    assert password not in repr(server)
    wrong = sa.create_engine(server.url.replace(password, "guessed"), poolclass=sa.NullPool)
    with pytest.raises(sa.exc.OperationalError), wrong.connect():
        pass


@pytest.mark.skipif(os.geteuid() != 0, reason="only root could run it as root")
def test_it_does_not_run_as_root(server: Server) -> None:
    assert server._process is not None
    assert psutil.Process(server._process.pid).username() != "root"


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_goes_with_the_process_that_started_it(kind: str, how: signal.Signals, tmp_path: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", _STARTER, kind, str(tmp_path)],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    assert starter.stderr is not None
    said = starter.stdout.readline().split()
    if not said and "ServerMissing" in (error := starter.stderr.read()):
        pytest.skip(error.splitlines()[-1])
    pid, home = int(said[0]), Path(said[1])
    assert psutil.pid_exists(pid)
    assert home.is_dir()
    starter.send_signal(how)
    starter.communicate(timeout=10)
    until = time.monotonic() + 20
    while (lives(pid) or home.exists()) and time.monotonic() < until:
        time.sleep(0.05)
    assert not lives(pid)
    assert not home.exists()


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_missing_program_is_named_with_its_package() -> None:
    with pytest.raises(ServerMissing, match="no initdb-of-nowhere on this machine; on Debian: apt-get install postgre"):
        program("initdb-of-nowhere", "postgresql")


def test_a_server_that_ends_at_once_is_an_error_with_its_log(tmp_path: Path) -> None:
    with server_home("failing", tmp_path, {}) as (home, guard, log):
        failing = Server(
            kind="It",
            url="",
            port=0,
            log=log,
            _command=[sys.executable, "-c", "raise SystemExit('no room on the disk')"],
            _home=home,
            _account={},
            _stop_signal=signal.SIGTERM,
            _answers=lambda: False,
            _guard=guard,
        )
        with (
            pytest.raises(ServerFailed, match=r"It did not start; its log .*failing\.log ends:\nno room"),
            running(failing),
        ):
            pass
    assert not home.exists()

"""Throw-away PostgreSQL and MariaDB servers: real ones, for the live sample and for tests.

Servers that the system runs already are left alone. What was committed outlives a killed server, not a power failure of
the machine: the settings trade that for speed.
"""

from __future__ import annotations

import secrets
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from orchestration.sample.server_process import (
    Server,
    ServerFailed,
    ServerMissing,
    environment,
    file_for,
    free_port,
    program,
    run,
    running,
    server_account,
    server_home,
    tail,
)

__all__ = ["Server", "ServerFailed", "ServerMissing", "mariadb_server", "postgres_server"]

USER = "aftersales"


@contextmanager
def postgres_server(folder: Path) -> Iterator[Server]:
    """Run a PostgreSQL with an empty database `aftersales`; its log is written to `folder`.

    ServerMissing where it is not installed, ServerFailed where it does not start.
    """
    package = "postgresql"
    initdb, postgres, psql = (program(name, package) for name in ("initdb", "postgres", "psql"))
    account = server_account("postgres")
    with server_home("postgres", folder, account) as (home, guard, log):
        port, password = free_port(), secrets.token_hex(16)
        secret = file_for(home / "password", password, account)
        data = str(home / "data")
        run([initdb, "-D", data, "-U", USER, f"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8",
              "--locale=C", "--no-sync"], home, account, log)  # fmt: skip
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "fsync": "off",
            "full_page_writes": "off",
            "max_wal_size": "2GB",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        client = [psql, "-X", "-q", "-h", "127.0.0.1", "-p", str(port), "-U", USER, "-d", "postgres", "-c"]

        def ask(statement: str) -> bool:
            surroundings = {**environment(), "PGPASSWORD": password, "PGCONNECT_TIMEOUT": "2"}
            done = subprocess.run([*client, statement], env=surroundings, capture_output=True, check=False)  # noqa: S603
            return done.returncode == 0

        server = Server(
            kind="PostgreSQL",
            url=f"postgresql+psycopg://{USER}:{password}@127.0.0.1:{port}/{USER}",
            port=port,
            log=log,
            _command=[postgres, "-D", data, *options],
            _home=home,
            _account=account,
            # "Fast" shutdown: sessions are ended, not waited for.
            _stop_signal=signal.SIGINT,
            _answers=lambda: ask("select 1"),
            _guard=guard,
        )
        with running(server):
            if not ask(f"create database {USER}"):
                raise ServerFailed(f"PostgreSQL made no database; its log {log} ends:\n{tail(log)}")
            yield server


@contextmanager
def mariadb_server(folder: Path) -> Iterator[Server]:
    """Run a MariaDB with an empty database `aftersales`; its log is written to `folder`.

    ServerMissing where it is not installed, ServerFailed where it does not start.
    """
    package = "mariadb-server"
    install, mariadbd = (program(name, package) for name in ("mariadb-install-db", "mariadbd"))
    account = server_account("mysql")
    with server_home("mariadb", folder, account) as (home, guard, log):
        port, password = free_port(), secrets.token_hex(16)
        data = f"--datadir={home / 'data'}"
        run([install, "--no-defaults", data, "--auth-root-authentication-method=normal", "--skip-test-db",
              "--innodb-flush-method=nosync"], home, account, log)  # fmt: skip
        statements = [
            f"create database if not exists {USER} character set utf8mb4;",
            f"create user if not exists '{USER}'@'127.0.0.1' identified by '{password}';",
            f"grant all on *.* to '{USER}'@'127.0.0.1' with grant option;",
            # It was made without a password.
            "alter user 'root'@'localhost' account lock;",
        ]
        # Carried out before the server takes connections, at each start.
        accounts = file_for(home / "accounts.sql", "\n".join(statements) + "\n", account)
        server = Server(
            kind="MariaDB",
            url=f"mysql+pymysql://{USER}:{password}@127.0.0.1:{port}/{USER}?charset=utf8mb4",
            port=port,
            log=log,
            # A server that starts deletes the temporary tables that it finds in its tmpdir, other servers' too.
            _command=[mariadbd, "--no-defaults", data, f"--tmpdir={home}", f"--init-file={accounts}", f"--port={port}",
                      "--bind-address=127.0.0.1", f"--socket={home / 'socket'}", f"--pid-file={home / 'pid'}",
                      "--skip-name-resolve", "--character-set-server=utf8mb4", "--skip-log-bin",
                      "--innodb-flush-method=nosync", "--innodb-flush-log-at-trx-commit=2",
                      "--innodb-doublewrite=0"],
            _home=home,
            _account=account,
            _stop_signal=signal.SIGTERM,
            _answers=lambda: _greets(port),
            _guard=guard,
        )  # fmt: skip
        with running(server):
            yield server


def _greets(port: int) -> bool:
    """Whether a MariaDB says hello: a packet header of four bytes, then the version 10 of its protocol."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        greeting = connection.recv(5)
        return len(greeting) == 5 and greeting[4] == 10
    return False

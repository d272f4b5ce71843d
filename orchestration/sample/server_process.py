"""Processes of throw-away servers: started on a free local port, gone with the process that wanted them.

A server's files are in a temporary folder that its account can reach. As root it runs as an unprivileged user, as
anybody else it runs as that user. Whatever happens to the starting process, `server_guard` ends the server and removes
the folder.
"""

from __future__ import annotations

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
# Below the range from which the system takes ports for outgoing connections: a stopped server finds its own port free.
_PORTS = (20_000, 32_000)
_PLACES = ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/lib/postgresql/*/bin", "/opt/homebrew/bin")


class ServerMissing(RuntimeError):  # noqa: N818 - it names a state that a reader can mend
    """The server's programs are not on this machine; the message names the Debian package."""


class ServerFailed(RuntimeError):  # noqa: N818
    """The server did not start; the message quotes the end of its log."""


class Account(TypedDict, total=False):
    """Whom a server's programs run as, in the words of subprocess."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass
class Server:
    """A server that runs now, and what it wrote: `log`.

    `url` is where it answers; of a database as SQLAlchemy writes it, with user and password.
    """

    kind: str
    url: str = field(repr=False)
    port: int
    log: Path
    _command: Sequence[str] = field(repr=False)
    _home: Path = field(repr=False)
    _account: Account = field(repr=False)
    _stop_signal: signal.Signals = field(repr=False)
    _answers: Callable[[], bool] = field(repr=False)
    _guard: subprocess.Popen[str] = field(repr=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def is_running(self) -> bool:
        """Whether the server's process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it, on the same port with the same data, and wait until it answers; ServerFailed if it does not."""
        if self.is_running:
            return
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                self._command,
                cwd=self._home,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A Ctrl-C is for the process that uses the server.
                start_new_session=True,
                **self._account,
            )
        self._announce(self._process.pid)
        until = time.monotonic() + _START_SECONDS
        while not self._answers():
            if not self.is_running or time.monotonic() > until:
                self.kill()
                raise ServerFailed(f"{self.kind} did not start; its log {self.log} ends:\n{tail(self.log)}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Shut it down in order: open connections are ended, nothing committed is lost."""
        if self._process is not None and self.is_running:
            self._process.send_signal(self._stop_signal)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        self._forget()

    def kill(self) -> None:
        """End it and its children by SIGKILL; start() recovers what was committed."""
        if self._process is not None and self.is_running:
            pids = [self._process.pid, *_children(self._process.pid)]
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            self._process.wait()
        self._forget()

    def _forget(self) -> None:
        self._process = None
        self._announce(0)

    def _announce(self, pid: int) -> None:
        assert self._guard.stdin is not None  # it was opened with a pipe
        self._guard.stdin.write(f"{pid}\n")
        self._guard.stdin.flush()


@contextmanager
def running(server: Server) -> Iterator[None]:
    """Run `server` while the block runs."""
    try:
        server.start()
        yield
    finally:
        server.stop()


@contextmanager
def server_home(name: str, folder: Path, account: Account) -> Iterator[tuple[Path, subprocess.Popen[str], Path]]:
    """Make a folder for a server's account, a guard over it, and the path of its log in `folder`.

    Folder and guard are gone at the end, the log stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix=f"aftersales-{name}-"))
    if account:
        os.chown(home, account["user"], account["group"])
    guard = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-I", str(Path(__file__).with_name("server_guard.py")), str(home)],
        stdin=subprocess.PIPE,
        text=True,
        cwd="/",
        start_new_session=True,
    )
    assert guard.stdin is not None  # it was opened with a pipe
    try:
        yield home, guard, folder / f"{name}.log"
    finally:
        guard.stdin.close()
        guard.wait()


def server_account(preferred: str) -> Account:
    """Whom to run a server as: ourselves, or, as root, the server's own user or nobody."""
    if os.geteuid() != 0:
        return {}
    for name in (preferred, "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise ServerFailed(f"runs as root, and there is neither a user {preferred} nor nobody to run a server as")


def program(name: str, package: str) -> str:
    """Find a program on PATH and where packages put servers, the newest version first."""
    places = [
        str(found) for place in _PLACES for found in sorted(Path("/").glob(place[1:]), key=_version, reverse=True)
    ]
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *places]))
    if found is None:
        raise ServerMissing(f"there is no {name} on this machine; on Debian: apt-get install {package}")
    return found


def _version(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def file_for(path: Path, text: str, account: Account) -> Path:
    """Write a file that only the server's account can read."""
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    if account:
        os.chown(path, account["user"], account["group"])
    return path


def run(command: list[str], home: Path, account: Account, log: Path) -> None:
    """Run a program that prepares a server; ServerFailed quotes the end of `log`, where it wrote."""
    with log.open("ab") as file:
        done = subprocess.run(  # noqa: S603 - our own command
            command,
            cwd=home,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            check=False,
            **account,
        )
    if done.returncode != 0:
        raise ServerFailed(f"{command[0]} failed; its log {log} ends:\n{tail(log)}")


def environment() -> dict[str, str]:
    """What a server is told of our environment: nothing that could point it, or its client, at another server."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def free_port() -> int:
    """A port that nothing uses now."""
    for port in random.sample(range(*_PORTS), 200):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise ServerFailed(f"found no free port between {_PORTS[0]} and {_PORTS[1]}")


def _children(pid: int) -> list[int]:
    """Child processes, where the system says them (Linux)."""
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def tail(log: Path) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])

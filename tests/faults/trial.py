"""One fault on trial: what is done to the company, what it says, and what is served meanwhile and afterwards."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.company import Company
from tests.faults.companies import (
    TIMEOUT_SECONDS,
    Contents,
    Rehearsed,
    Stage,
    Tally,
    log_of,
    problems_at_rest,
    problems_of_served,
    start_build,
)


@dataclass
class Trial:
    """A company at a stage whose contents are not served yet, so that a build that completes is seen to.

    folder: a place for scratch, not made yet. Problems are added to the tally, and the trial goes on.
    """

    rehearsed: Rehearsed
    folder: Path
    tally: Tally
    stage: Stage | None = None
    served_before: Contents | None = None
    _seen: int = 0

    @property
    def company(self) -> Company:
        """The company that the fault happens to."""
        return self.rehearsed.company

    def put_back(self) -> None:
        """Put the company back before its last day, and forget what was said until now."""
        self.served_before = self.company.contents()
        self.stage = next(stage for stage in self.rehearsed.stages if stage.contents != self.served_before)
        self.rehearsed.put_back(self.stage)
        self.listen()

    def listen(self) -> None:
        """Forget what was said until now."""
        self._seen = (self.company.data_dir / "build.log").stat().st_size

    @property
    def said(self) -> str:
        """What builds have said since."""
        return (self.company.data_dir / "build.log").read_bytes()[self._seen :].decode(errors="replace")

    def expect(self, is_so: bool, otherwise: str) -> None:
        """A problem unless it is so."""
        if not is_so:
            self.tally.problems.append(f"{otherwise}:\n{log_of(self.company)}")

    def wait_until(self, process: subprocess.Popen[str], is_time: Callable[[], bool]) -> None:
        """Wait for a moment in the life of `process`; RuntimeError if it never comes."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while not is_time():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the moment never came:\n{log_of(self.company)}")
            time.sleep(0.01)

    def fails(self, build: subprocess.Popen[str], *because: str) -> None:
        """The build must end by itself, say why in one of these words, and leave what is served."""
        code = build.wait(TIMEOUT_SECONDS)
        self.expect(code == 1, f"the build ended with {code}")
        self.expect(any(words in self.said for words in because), f"the build said none of {because}")
        self.expect("Traceback" not in self.said, "the build said it in a traceback")
        self.serves_as_before()

    def serves_as_before(self) -> None:
        """What was served before the fault must be served, and be whole."""
        assert self.served_before is not None
        self.tally.checks += 1
        self.tally.problems += problems_of_served(self.company, self.served_before)

    def completes(self, build: subprocess.Popen[str] | None = None, but: str = "") -> None:
        """The build, or a new one, must complete, serve what an undisturbed one does, and leave nothing but `but`."""
        code = (build or start_build(self.company)).wait(TIMEOUT_SECONDS)
        self.expect(code == 0, f"the build ended with {code}")
        self.completed(but)

    def completed(self, but: str = "") -> None:
        """A build has completed: hold what it left against what an undisturbed one leaves."""
        assert self.stage is not None
        self.tally.completed += 1
        self.tally.checks += 1
        found = [*problems_of_served(self.company, self.stage.contents), *problems_at_rest(self.company)]
        self.tally.problems += [problem for problem in found if problem != but]

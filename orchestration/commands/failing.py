"""How a command ends that cannot do what it was asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from orchestration.archive.errors import ArchiveError
from orchestration.extract.errors import ExtractError
from orchestration.lake.errors import LakeError
from orchestration.lock import BuildLockedError
from orchestration.settings import SettingsError

EXIT_FAILED = 1
EXIT_MISUSED = 2


class Failed(click.ClickException):
    """Ends the command with its words on standard error."""

    def __init__(self, message: str, exit_code: int = EXIT_FAILED) -> None:
        super().__init__(message)
        setattr(self, "exit_code", exit_code)  # noqa: B010 - click declares it for the class

    def show(self, file: IO[Any] | None = None) -> None:
        """Say it as every command of ours does."""
        click.echo(f"aftersales: {self.format_message()}", file=file, err=file is None)


@contextmanager
def in_words() -> Iterator[None]:
    """Let the errors that say what to do end the command with their words, without a traceback."""
    try:
        yield
    except SettingsError as error:
        raise Failed(str(error), EXIT_MISUSED) from error
    except (ArchiveError, BuildLockedError, ExtractError, LakeError) as error:
        raise Failed(str(error)) from error

"""What a step's error may say before Dagster stores it: no secret, and no value of a row that the engine quotes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from orchestration.extract.secret_texts import SecretTexts
from orchestration.extract.shown import first_line


@contextmanager
def clean_errors(secrets: SecretTexts) -> Iterator[None]:
    """Let errors pass that show nothing; others are raised anew, of their kind and from where they came, without it.

    Dagster stores an error with all its causes, so one that shows something anywhere among them loses them.
    """
    try:
        yield
    except Exception as error:
        if all(_clean(each, secrets) == str(each) for each in _with_causes(error)):
            raise
        raise _retold(error, _clean(error, secrets)).with_traceback(error.__traceback__) from None


def _clean(error: BaseException, secrets: SecretTexts) -> str:
    return secrets.hide(first_line(error) if isinstance(error, duckdb.Error) else str(error))


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _retold(error: Exception, text: str) -> Exception:
    kind = type(error)
    retold = kind.__new__(kind)
    retold.args = (text,)
    # Some kinds do not tell their arguments.
    return retold if str(retold) == text else RuntimeError(f"{kind.__name__}: {text}")

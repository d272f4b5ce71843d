"""Looks at a database that `profile new` is pointed at: its tables with their keys, and what their columns hold."""

from __future__ import annotations

import sqlalchemy as sa
from pydantic import SecretStr

from orchestration.extract.connectors.delivery import Sessions
from orchestration.extract.connectors.sql import open_session
from orchestration.extract.connectors.sql_session import DatabaseError
from orchestration.extract.errors import SourceError
from orchestration.extract.inspection import Inspection, Table, look_at
from orchestration.extract.personal import words_of
from orchestration.extract.source_models import SqlSource

# More tables than these are named, and not looked at.
MAX_TABLES = 100
# Parameters of a URL that hold a secret, by a word of their name.
_SECRET_WORDS = {"password", "passwd", "pwd", "secret", "token", "key"}


def inspect_database(url: str, sessions: Sessions, limit_rows: int) -> Inspection:
    """Look at the tables of the database at `url`, a SQLAlchemy URL; SourceError says why it cannot be read."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise SourceError(
            "this is no SQLAlchemy URL; write one such as postgresql://user:password@host/database"
        ) from None
    words = words_of((parsed.database or parsed.drivername).rsplit("/", 1)[-1].rsplit(".", 1)[0])
    name = "_".join(word for word in words if word.isascii()) or "database"
    name = name if name[:1].isalpha() else f"database_{name}"
    written, variables = _without_secrets(parsed, name)
    source = SqlSource(name=name, connector="sql", url=SecretStr(url), template=written)
    try:
        session = sessions.get(name, lambda: open_session(source))
        tables = session.tables(None)
        keys = {table: session.primary_key(table, None) for table in tables[:MAX_TABLES]}
    except (DatabaseError, ValueError, FileNotFoundError) as error:
        sessions.drop(name)
        raise SourceError(f"{written} cannot be read: {_redacted(str(error), parsed)}") from None
    if not tables:
        raise SourceError(f"{written} has no table or view that this user may see")
    found = [
        look_at(
            Table(f"table {table}", {"table": table}, words_of(table), key=tuple(keys[table])),
            source,
            sessions,
            limit_rows,
        )
        for table in tables[:MAX_TABLES]
    ]
    found += [
        Table(
            f"table {table}", {"table": table}, words_of(table), problem=f"only the first {MAX_TABLES} were looked at"
        )
        for table in tables[MAX_TABLES:]
    ]
    return Inspection(name, written, {"connector": "sql", "url": written}, tuple(variables), tuple(found))


def _without_secrets(url: sa.URL, name: str) -> tuple[str, list[str]]:
    """Write `url` with references to the environment in place of its secrets; return it and the variables' names."""
    variables = []
    if url.password:
        variables.append(f"{name}_password".upper())
        url = url.set(password="PASSWORD_STANDS_HERE")  # noqa: S106 - a mark, replaced below
    query = dict(url.query)
    marks = {}
    for key in query:
        if _SECRET_WORDS & set(words_of(key)):
            variables.append(f"{name}_{key}".upper())
            marks[key] = variables[-1]
    url = url.set(query={key: marks.get(key, value) for key, value in query.items()})
    text = url.render_as_string(hide_password=False)
    text = text.replace("PASSWORD_STANDS_HERE", f"${{{name.upper()}_PASSWORD}}")
    for key, variable in marks.items():
        text = text.replace(f"{key}={variable}", f"{key}=${{{variable}}}")
    return text, variables


def _redacted(message: str, url: sa.URL) -> str:
    secrets = [url.password, *(v for k, v in url.query.items() if _SECRET_WORDS & set(words_of(k)))]
    for secret in secrets:
        if isinstance(secret, str) and secret:
            message = message.replace(secret, "***")
    return message

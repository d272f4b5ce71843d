"""Saved views: links to the report with a name, kept per visitor in a small database beside the published versions.

A saved view is a page's name and the choices that its URL would hold, nothing more: whoever opens it sees what the door
lets through for them. Whose it is stands there as a keyed hash. Every change is one transaction, so that processes that
serve the same company do not lose each other's.
"""

from __future__ import annotations

import hmac
import os
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode

MOST_VIEWS: Final = 50
LONGEST_NAME: Final = 80
# Of the choices as a URL; what is longer would be a text, such as a long statement of SQL.
LONGEST_CHOICES: Final = 2000
# In a report without login: the views of everybody who opens it.
EVERYBODY: Final = ""
_WAIT_SECONDS = 5
_PARAMETER = re.compile(r"[a-z_]{1,30}")
_SCHEMA = (
    "create table if not exists saved_views "
    "(id integer primary key, owner text not null, name text not null, page text not null, choices text not null)"
)


class SavedViewsError(ValueError):
    """Why a view cannot be kept, changed or read: the end of a key of words."""


@dataclass(frozen=True)
class SavedView:
    """A page with its choices, under the name that its owner gave it."""

    view_id: int
    name: str
    page: str
    choices: Mapping[str, str]


def file_of(warehouse: Path) -> Path:
    """The database that belongs to the link of published versions `warehouse`."""
    return warehouse.absolute().parent.parent / "report" / "saved_views.sqlite"


def owner_of(claims: Mapping[str, object], secret: str) -> str | None:
    """Who owns the views of the visitor with these claims, as a keyed hash; None where nothing tells people apart.

    The provider's own number of a person, which it gives to nobody else: names and addresses may change hands.
    """
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not isinstance(subject, str) or not subject:
        return None
    return hmac.new(secret.encode(), f"saved views\n{issuer}\n{subject}".encode(), "sha256").hexdigest()


def read(path: Path, owner: str) -> list[SavedView]:
    """The views of `owner`, by name."""
    if not path.is_file():
        return []
    with _opened(path) as con:
        rows = con.execute("select id, name, page, choices from saved_views where owner = ?", (owner,)).fetchall()
    views = [SavedView(row[0], row[1], row[2], dict(parse_qsl(row[3]))) for row in rows]
    return sorted(views, key=lambda view: (view.name.casefold(), view.view_id))


def keep(path: Path, owner: str, name: str, page: str, choices: Mapping[str, str]) -> None:
    """Keep a view; one of the same name is replaced."""
    name, choices_text = _name(name), urlencode(choices)
    if len(choices_text) > LONGEST_CHOICES or not all(_PARAMETER.fullmatch(parameter) for parameter in choices):
        raise SavedViewsError("too_long")
    with _changing(path) as con:
        same = con.execute("select id from saved_views where owner = ? and name = ?", (owner, name)).fetchone()
        if same:
            con.execute("update saved_views set page = ?, choices = ? where id = ?", (page, choices_text, same[0]))
            return
        (count,) = con.execute("select count(*) from saved_views where owner = ?", (owner,)).fetchone()
        if count >= MOST_VIEWS:
            raise SavedViewsError("too_many")
        con.execute(
            "insert into saved_views (owner, name, page, choices) values (?, ?, ?, ?)",
            (owner, name, page, choices_text),
        )


def rename(path: Path, owner: str, view_id: int, name: str) -> None:
    """Give a view of `owner` another name, which none of the others has."""
    name = _name(name)
    with _changing(path) as con:
        taken = "select 1 from saved_views where owner = ? and name = ? and id <> ?"
        if con.execute(taken, (owner, name, view_id)).fetchone():
            raise SavedViewsError("taken")
        con.execute("update saved_views set name = ? where owner = ? and id = ?", (name, owner, view_id))


def remove(path: Path, owner: str, view_id: int) -> None:
    """Remove a view of `owner`."""
    with _changing(path) as con:
        con.execute("delete from saved_views where owner = ? and id = ?", (owner, view_id))


def _name(text: str) -> str:
    """A name in one line; SavedViewsError where none is left, or too much."""
    name = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if not name:
        raise SavedViewsError("no_name")
    if len(name) > LONGEST_NAME:
        raise SavedViewsError("long_name")
    return name


@contextmanager
def _changing(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on the database, which is made where it is not there yet, readable for the service alone."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise SavedViewsError("not_writable") from error
    with _opened(path) as con:
        con.execute("begin immediate")
        con.execute(_SCHEMA)
        yield con
        con.execute("commit")


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that is closed at the end: what was begun and not committed is undone."""
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT_SECONDS, isolation_level=None)) as con:
            yield con
    except sqlite3.Error as error:
        raise SavedViewsError("not_readable") from error

"""What a message may say of a delivered value: its shape. The values themselves stay in raw.rejects."""

from __future__ import annotations

import re

import duckdb

_LONGEST_SHAPE = 40
# Greedy: a value that itself looks like the end of a reason is hidden with it.
_FOUND = re.compile(r"found '(?P<value>.*)'(?=, (?:expected|allowed are|which is) )", re.DOTALL)
# From the first quotation mark of a line to the last; what follows is kept only where it can be no rest of a value.
_QUOTED = re.compile(r"""['"](?:.*['"](?P<rest>(?: to [A-Z][A-Z0-9_(), ]*)?(?: when casting [^'"]*)?[.)]*)$|.*)""")
_LONG_NUMBER = re.compile(r"\d{5,}")
# Of these the engine complains before it has read a row: what they quote is the profile's own SQL.
_BEFORE_ANY_ROW = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)


def shape_of(value: str) -> str:
    """`value` with every letter as a and every digit as 9: enough to see a wrong format, and nothing of a person."""
    shape = "".join("a" if sign.isalpha() else "9" if sign.isnumeric() else sign for sign in value[:_LONGEST_SHAPE])
    return shape if len(value) <= _LONGEST_SHAPE else f"{shape}…"


def without_value(reason: str) -> str:
    """The reason of a reject, with the shape of what was found instead of it."""
    shown, count = _FOUND.subn(lambda match: f"found a value like '{shape_of(match['value'])}'", reason)
    return shown if count or "found '" not in reason else reason.partition("found '")[0] + "found what it should not be"


def without_quoted(text: str) -> str:
    """The first line of `text`, without what it quotes of a row, and without long numbers."""
    return _LONG_NUMBER.sub("…", _QUOTED.sub(lambda match: "'…'" + (match["rest"] or ""), text.splitlines()[0]))


def first_line(error: duckdb.Error) -> str:
    """The first line of what the engine says, without the values of rows that it quotes."""
    text = str(error)
    if isinstance(error, _BEFORE_ANY_ROW):
        return text.splitlines()[0]
    return without_quoted(text)

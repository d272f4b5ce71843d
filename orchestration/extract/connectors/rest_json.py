"""JSON as it was written: numbers pass through no float, and a record becomes a line whose values are all text.

DuckDB by itself reads 0.1000 as 0.1 and 1e3 as 1000.0, and fails at half a surrogate pair.
"""

from __future__ import annotations

import json
from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | bool | None"


class Number(str):
    """A JSON number as it was written."""

    __slots__ = ()


def parse(body: bytes, encoding: str | None) -> Json:
    """Parse `body`; without an `encoding` it is UTF-8, UTF-16 or UTF-32. ValueError where it is no JSON."""
    try:
        text = body.decode(encoding or json.detect_encoding(body))
        # A byte order mark is no part of the text, whichever encoding wrote it.
        parsed: Json = json.loads(
            text.removeprefix("\ufeff"), parse_int=Number, parse_float=Number, parse_constant=Number
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return parsed


def line_of(record: dict[str, Json]) -> tuple[bytes, bool]:
    """Write `record` as a line of JSON in which each value is text or null, nested ones as JSON text.

    The flag says whether half a surrogate pair, which no text may hold, was replaced by U+FFFD. ValueError where the
    record is nested too deeply.
    """
    try:
        texts = {key: _text(value) for key, value in record.items()}
    except RecursionError:
        raise ValueError("a record is nested too deeply") from None
    line = json.dumps(texts, ensure_ascii=False, separators=(",", ":")) + "\n"
    try:
        return line.encode(), False
    except UnicodeEncodeError:
        whole = line.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return whole.encode(), True


def _text(value: Json) -> str | None:
    return value if value is None or isinstance(value, str) else _written(value)


def _written(value: Json) -> str:
    """Write `value` back as JSON, without spaces."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_written(key)}:{_written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_written(inner) for inner in value) + "]"
    return json.dumps(value, ensure_ascii=False)

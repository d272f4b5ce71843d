"""Plain text for a terminal: tables and paragraphs whose width is counted in columns, of which Chinese takes two."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

WIDTH = 120
# Longer values are cut in a table.
CELL = 40


def table(header: Sequence[str], rows: Sequence[Sequence[str]], cell: int = CELL) -> list[str]:
    """Write rows under their header, each column as wide as it needs, values cut at `cell` columns."""
    body = [[cut(plain(value), cell) for value in row] for row in rows]
    lines = [list(header), *body] if header else body
    widths = [max(text_width(line[index]) for line in lines) for index in range(len(lines[0]))]
    return ["  ".join(_padded(text, width) for text, width in zip(line, widths, strict=True)) for line in lines]


def plain(value: str) -> str:
    """Write control characters (line ends, tabs) as blanks: each value stays on its line."""
    return "".join(" " if unicodedata.category(character) == "Cc" else character for character in value)


def text_width(text: str) -> int:
    """Count terminal columns: Chinese characters take two, combining marks none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text: str, width: int) -> str:
    """Shorten `text` to `width` columns, the last of them an ellipsis."""
    if text_width(text) <= width:
        return text
    kept = ""
    for character in text:
        if text_width(kept + character) > width - 1:
            break
        kept += character
    return kept + "…"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - text_width(text))


def wrapped(text: str, indent: str, width: int = WIDTH) -> list[str]:
    """Break `text` into lines of at most `width` terminal columns; what follows a first line is indented further."""
    lines: list[str] = []
    for part in text.splitlines():
        line = indent
        for word in part.split():
            joined = f"{line}{word}" if not line.strip() else f"{line} {word}"
            if text_width(joined) > width and line.strip():
                lines.append(line)
                joined = f"{indent}  {word}"
            line = joined
            while text_width(line) > width:
                head = cut(line, width).removesuffix("…")
                lines.append(head)
                line = f"{indent}  {line[len(head) :]}"
        lines.append(line)
    return lines

"""What a look at a profile's sources prints: plain text that fits 120 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from orchestration.extract.preview import Look, Refusal
from orchestration.extract.text_table import CELL, WIDTH, cut, plain, table, text_width, wrapped

_INDENT = "    "


def text_of(seen: Look, file: str) -> str:
    """Write what was seen of one binding, as lines of at most 120 columns."""
    line = f" ({file}:{seen.line})" if seen.line else ""
    lines = [f"{seen.feed} <- {seen.source}: {seen.place}{line}"]
    if seen.error is not None:
        lines += ["  FAILED", *wrapped(seen.error, _INDENT)]
    if seen.note:
        lines += wrapped(f"read: {seen.note}", "  ")
    if seen.delivered:
        lines += ["  delivered columns", *_indented(_delivered(seen))]
    if seen.counts is not None:
        lines += wrapped(_counted(seen), "  ")
    for refusal in seen.refusals:
        lines += _refusal(refusal)
    if seen.rows:
        lines += [f"  the first {len(seen.rows)} rows as they would land (times are UTC)"]
        lines += _indented(_either_way(seen.columns, seen.rows))
    elif seen.error is None and not seen.delivered:
        lines.append("  nothing was delivered: the place is there, and empty")
    if seen.lacking:
        lines += ["  the contract has also, neither mapped nor delivered"]
        lines += _indented(table([], [[c.name, c.type, c.description] for c in seen.lacking], cell=70))
    if seen.notices:
        lines.append("  notices")
        for notice in seen.notices:
            place = f"{notice.place}: " if notice.place else ""
            lines += wrapped(f"{notice.kind}: {place}{notice.message}", _INDENT)
    return "\n".join(line.rstrip() for line in lines)


def _delivered(seen: Look) -> list[str]:
    rows = []
    for column in seen.delivered:
        use = "-> " + ", ".join(column.feeds) if column.feeds else "read" if column.is_read else "nobody uses it"
        rows.append([column.name, column.type.lower(), column.example, use])
    return table(["column", "type", "example", "becomes"], rows)


def _counted(seen: Look) -> str:
    counts = seen.counts
    assert counts is not None  # asked only where the mapping was done
    landed = counts.delivered - counts.filtered - counts.rejected - seen.gone
    text = f"of the {counts.delivered:,} rows looked at, {landed:,} would land"
    if counts.filtered:
        text += f", {counts.filtered:,} would be filtered by where"
    if counts.rejected:
        text += f", {counts.rejected:,} would be rejected"
    if seen.gone:
        text += f", {seen.gone:,} say that their key is gone"
    if seen.repeated_keys:
        text += f"; {seen.repeated_keys:,} repeat a key: of these the latest version wins"
    return text


def _refusal(refusal: Refusal) -> Iterator[str]:
    rows = "1 row" if refusal.count == 1 else f"{refusal.count:,} rows"
    yield f"  rejected: {refusal.column or 'the whole line'}, {refusal.kind}, {rows}"
    for example in refusal.examples:
        yield from wrapped(example, _INDENT)


def _either_way(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Write rows as a table, or, where that is too wide, one line for each column and the rows side by side."""
    upright = table(columns, rows)
    if max(text_width(line) for line in upright) + len(_INDENT) <= WIDTH:
        return upright
    lines: list[str] = []
    names = max(text_width(name) for name in columns)
    # As many rows beside each other as fit, then the next ones below.
    room = WIDTH - len(_INDENT) - names
    start = 0
    while start < len(rows):
        taken = 0
        used = 0
        for row in rows[start:]:
            width = max(len("row 10"), *(min(text_width(plain(value)), CELL) for value in row)) + 2
            if taken and used + width > room:
                break
            taken, used = taken + 1, used + width
        block = rows[start : start + taken]
        numbers = [f"row {start + index + 1}" for index in range(taken)]
        if lines:
            lines.append("")
        lines += table(["", *numbers], [[name, *(row[i] for row in block)] for i, name in enumerate(columns)])
        start += taken
    return lines


def _indented(lines: Iterable[str]) -> list[str]:
    return [cut(f"{_INDENT}{line.rstrip()}", WIDTH) for line in lines]

"""The difference of two versions as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from orchestration.versions.diff import Difference, Restatement

_NOTHING = "–"


def text_of(difference: Difference) -> str:
    """Schema, row counts, changed rows, and the restated values that it holds, as tables."""
    parts = [f"{difference.old} -> {difference.new}"]
    if difference.schema:
        rows = [
            (c.table, c.column or "(table)", c.old_type or _NOTHING, c.new_type or _NOTHING) for c in difference.schema
        ]
        parts.append(_table("schema", ("mart", "column", "old", "new"), rows))
    else:
        parts.append("schema: the same")
    counts = [
        (c.table, f"{c.old_count:,}", f"{c.new_count:,}", f"{c.new_count - c.old_count:+,}")
        for c in difference.row_counts
        if c.old_count != c.new_count
    ]
    if counts:
        parts.append(_table("rows", ("mart", "old", "new", "change"), counts, right=(1, 2, 3)))
    else:
        parts.append("rows: as many in every mart")
    if difference.row_changes:
        changes = [(c.table, c.cause, f"{c.row_count:,}") for c in difference.row_changes]
        parts.append(_table("changed rows of feeds", ("mart", "cause", "rows"), changes, right=(2,)))
    total = sum(difference.counts_by_cause.values())
    if not total:
        parts.append("restated KPI values: none")
        return "\n\n".join(parts)
    causes = [(cause, f"{count:,}") for cause, count in sorted(difference.counts_by_cause.items())]
    parts.append(_table("restated KPI values", ("cause", "values"), causes, right=(1,)))
    if difference.restatements:
        shown = [_row(restatement) for restatement in difference.restatements]
        heads = ("kpi", "period", "segment", "old", "new", "change", "cause", "evidence")
        parts.append(_table(f"{len(shown):,} of {total:,}", heads, shown, right=(3, 4, 5)))
    return "\n\n".join(parts)


def _row(restatement: Restatement) -> tuple[str, ...]:
    grain = restatement.period_grain
    period = "all" if grain == "all" else f"{grain} {restatement.period_start_date}"
    places = (
        restatement.site_id,
        restatement.region,
        restatement.product_family,
        restatement.channel,
        restatement.priority,
    )
    segment = " ".join(place for place in places if place != "all") or "all"
    evidence = restatement.evidence
    if restatement.old_target != restatement.new_target:
        evidence += f"; target {_number(restatement.old_target)} -> {_number(restatement.new_target)}"
    return (
        restatement.kpi_id,
        period,
        segment if segment == "all" else f"{restatement.segment} {segment}",
        _number(restatement.old_value),
        _number(restatement.new_value),
        _NOTHING if restatement.change is None else f"{restatement.change:+,.6g}",
        restatement.cause if restatement.cause != "unexplained" else "UNEXPLAINED",
        evidence,
    )


def _number(value: float | None) -> str:
    return _NOTHING if value is None else f"{value:,.6g}"


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]

    def line(row: Sequence[str]) -> str:
        cells = [
            cell.rjust(w) if i in right else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        ]
        return ("  " + "  ".join(cells)).rstrip()

    return "\n".join([title, line(heads), *(line(row) for row in rows)])

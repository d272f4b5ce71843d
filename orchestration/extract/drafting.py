"""Writes a starting profile from what was found at a source: commented YAML, with every guess named as one.

Nothing that only the company can know is decided here: it stands as TODO, which the loader names with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from orchestration.extract.column_facts import Facts
from orchestration.extract.contract import Feed
from orchestration.extract.draft_columns import column_lines, sql_name
from orchestration.extract.inspection import Inspection, Table, Written
from orchestration.extract.matching import FEED_SCORE, SURE, FeedGuess, assign, by_shape, guess_feeds
from orchestration.extract.personal import words_of
from orchestration.extract.profile_checks import TODO
from orchestration.extract.text_table import WIDTH, plain, wrapped
from orchestration.extract.text_table import table as text_table
from orchestration.extract.yaml_text import comment, flow, quoted, scalar

_DELETED_WORDS = {"deleted", "isdeleted", "removed", "isremoved", "void", "voided", "删除", "已删除", "删除标记"}
_CATEGORIES_SHOWN = 6
# Where the columns of a mapping, and the values of a value map, stand in a draft.
_AT_COLUMN = re.compile(r" {8}(\w+):")
_VALUE_INDENT = " " * 12


@dataclass(frozen=True)
class Company:
    """What `profile new` was told of the company; None where it was not."""

    name: str | None = None
    time_zone: str | None = None
    currency: str | None = None


def draft(
    inspection: Inspection, contract: Mapping[str, Feed], company: Company, *, feed: str | None, today: date
) -> str:
    """Write the profile. With a `feed`, tables are bound to that one only."""
    name = company.name or inspection.name
    title = name.replace("_", " ").title()
    body = [
        "",
        f"name: {scalar(name)}",
        f"title: {{en: {scalar(title)}, zh: {scalar(title)}}}",
        f"time_zone: {scalar(company.time_zone or TODO)}   # of the company's local days, such as Asia/Shanghai",
        f"currency: {scalar(company.currency or TODO)}   # three letters, such as CNY",
        "# as_of: 2026-07-01T00:00:00+08:00   # describe the company at this instant; default: the start of each build",
        "",
        "sources:",
        f"  {inspection.name}:",
        *_written(inspection.source, "    "),
        "    # time_zone: Asia/Shanghai   # of its timestamps that name none; default: the company's",
        f"    # id_space: {inspection.name}   # keeps its ids apart from equal ids of other sources",
        *_null_markers(inspection.tables),
    ]
    chosen, left_out = _choose(inspection, contract, feed)
    body += ["", "# Which feed a table fills is a guess by names and values, and says why.", "feeds:"]
    for name_, bindings in chosen.items():
        body.append(f"  {name_}:   {comment(contract[name_].description)}")
        for table, guesses, guess in bindings:
            body += _binding(inspection.name, table, guesses, guess)
    if not chosen:
        body[-1] = "feeds: {}   # no table fits a feed well enough; see below"
    body += left_out
    head = _head(inspection, today)
    to_do = list(_to_do(body))
    if to_do:
        # The head says on which lines the TODOs stand, which its own length moves.
        moved = len(head) + 2 + len(to_do)
        head += ["#", f"# Fill in what says {TODO}, or delete the line:"]
        head += [comment(f"  line {moved + index + 1}: {what}") for index, what in to_do]
    return "\n".join(line.rstrip() for line in [*head, *body]) + "\n"


def _head(inspection: Inspection, today: date) -> list[str]:
    lines = [
        comment(f"A starting profile, written by `aftersales profile new` on {today} from {inspection.what}"),
        "# It says what the rows that were looked at show; guesses say why. The handbook: docs/profiles.md",
        "# Check it with `aftersales --profile THIS_FILE profile check`; delete the comments that you do not need.",
    ]
    if inspection.variables:
        lines.append(comment(f"Its secrets stay in the environment: set {', '.join(inspection.variables)}."))
    return lines


def _to_do(body: Sequence[str]) -> list[tuple[int, str]]:
    """Find what is to be filled in: the index of its first line, and what it is. A column's values are one task."""
    tasks: list[tuple[int, str]] = []
    column, value_count = "", 0
    for index, line in enumerate(body):
        text = line.partition("#")[0].rstrip()
        at_column = _AT_COLUMN.match(line)
        if at_column:
            column, value_count = at_column[1], 0
        if not text.endswith(f": {TODO}") and f": {TODO}}}" not in text:
            continue
        if not line.startswith(_VALUE_INDENT):
            tasks.append((index, text.strip()))
            continue
        value_count += 1
        task = f"{column}: what {value_count} values mean" if value_count > 1 else f"{column}: what a value means"
        if value_count > 1:
            tasks[-1] = (tasks[-1][0], task)
        else:
            tasks.append((index, task))
    return tasks


def _written(values: Mapping[str, Written], indent: str) -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, tuple):
            yield f"{indent}{key}: [{', '.join(scalar(each) for each in value)}]"
        elif isinstance(value, Mapping):
            yield f"{indent}{key}: {flow({k: v for k, v in value.items() if isinstance(v, str | int)})}"
        else:
            yield f"{indent}{key}: {scalar(value)}"


def _null_markers(tables: Iterable[Table]) -> Iterator[str]:
    found: dict[str, list[str]] = {}
    for table in tables:
        for facts in table.facts:
            for marker, count in facts.null_markers.items():
                found.setdefault(marker, []).append(f"{facts.name} {count:,}")
    if found:
        listed = ", ".join(quoted(marker) for marker in ("", *found))
        seen = "; ".join(f"{quoted(m)} in {', '.join(c[:4])}{' …' if len(c) > 4 else ''}" for m, c in found.items())
        yield f"    null_markers: [{listed}]   {comment(f'texts that mean nothing: {seen}')}"


_Binding = tuple[Table, list[FeedGuess], FeedGuess]


def _choose(
    inspection: Inspection, contract: Mapping[str, Feed], feed: str | None
) -> tuple[dict[str, list[_Binding]], list[str]]:
    """Choose a feed for each table; tables without one are named in comments."""
    chosen: dict[str, list[_Binding]] = {}
    left_out: list[str] = []
    guessed = [(table, guess_feeds(contract.values(), table.words, table.facts)) for table in inspection.tables]
    best_for_feed = max(
        (each.score for table, guesses in guessed for each in guesses if each.feed.name == feed and table.facts),
        default=0.0,
    )
    for table, guesses in guessed:
        if table.problem is not None:
            left_out += ["", *_remark(f"{table.label} could not be read: {table.problem}", "")]
            continue
        guess = guesses[0] if feed is None else next(each for each in guesses if each.feed.name == feed)
        # A feed that was asked for is filled from the tables that fit it at all, or from the one that fits it best.
        if guess.score >= FEED_SCORE or (feed is not None and guess.score == best_for_feed):
            chosen.setdefault(guess.feed.name, []).append((table, guesses, guess))
        else:
            columns = ", ".join(facts.name for facts in table.facts)
            near = f"the nearest is {guesses[0].feed.name} ({guesses[0].score:g}): {'; '.join(guesses[0].reasons)}"
            left_out += ["", *_remark(f"{table.label} fits no feed well enough; {near}. It has {columns}", "")]
    order = list(contract)
    return dict(sorted(chosen.items(), key=lambda item: order.index(item[0]))), left_out


def _binding(source: str, table: Table, guesses: Sequence[FeedGuess], guess: FeedGuess) -> Iterator[str]:
    """Write one binding with everything that is known of its table."""
    feed = guess.feed
    indent = "      "
    assigned = {name: match for name, match in assign(feed, guess.matches).items() if match.score >= SURE}
    others = ", ".join(f"{each.feed.name} {each.score:g}" for each in guesses[:3] if each is not guess)
    yield f"    - source: {source}"
    looked_at = "; ".join([f"{table.label}: {table.row_count:,} rows looked at", *table.remarks])
    yield from _remark(looked_at, indent)
    why = "; ".join(guess.reasons) or "you asked for it"
    yield from _remark(f"a guess ({guess.score:g}): {why}. Other feeds: {others}", indent)
    yield from _written(table.keys, indent)
    if table.key:
        how = "together unique in these rows" if table.is_key_seen else "its primary key"
        how = "unique in these rows" if table.is_key_seen and len(table.key) == 1 else how
        yield indent + comment(f"key: {', '.join(table.key)} ({how})")
    updated = assigned.get("updated_at")
    if "table" in table.keys and updated is not None and "updated_at" in feed.version:
        cursor = flow({"column": updated.facts.name, "lookback_days": 3})
        yield indent + comment(
            f"cursor: {cursor}   # read only what changed, if every change moves {updated.facts.name}"
        )
    for facts in table.facts:
        words = words_of(facts.name)
        if {*words, "".join(words)} & _DELETED_WORDS:
            yield indent + comment(
                f"deleted: {quoted(f'{sql_name(facts.name)} …')}   # which rows mean that they are gone"
            )
    yield indent + "# delivered:"
    yield from (indent + comment(f"  {line}") for line in _delivered(table.facts))
    yield f"{indent}columns:"
    used = {match.facts.name for match in assigned.values()}
    unused = [facts for facts in table.facts if facts.name not in used]
    for column in feed.columns:
        possible = guess.matches[column.name] or by_shape(column, unused)
        for line in column_lines(column, feed, table, assigned.get(column.name), possible):
            yield f"{indent}  {line}"
    if unused:
        yield from _remark(f"not used yet: {', '.join(facts.name for facts in unused)}", indent)


def _remark(text: str, indent: str) -> Iterator[str]:
    """Write a comment of several lines."""
    yield from (indent + comment(line) for line in wrapped(plain(text), "", WIDTH - len(indent) - 2))


def _delivered(facts: Iterable[Facts]) -> list[str]:
    rows = []
    for each in facts:
        filled = f"{each.filled / each.row_count:.0%}" if each.row_count else ""
        rows.append([each.name, each.kind, filled, f"{each.distinct:,}", _values(each)])
    return text_table(["column", "holds", "filled", "distinct", "values"], rows, cell=70)


def _values(facts: Facts) -> str:
    """Show some values, or say why there are none to be shown."""
    if facts.is_personal:
        return "(looks personal: not shown)"
    if facts.kind == "text" and not facts.examples:
        return f"(text of up to {facts.max_length} characters: not shown)"
    if facts.is_category and facts.examples and facts.kind in ("text", "boolean"):
        first = list(facts.values.items())[:_CATEGORIES_SHOWN]
        more = " …" if facts.distinct > len(first) else ""
        return ", ".join(f"{value} ({count:,})" for value, count in first) + more
    dates = [str(way.format) for way in facts.readings.ways if way.format]
    as_dates = f" (as dates: {' or '.join(dates)})" if dates and facts.kind == "whole" else ""
    return ", ".join(facts.examples) + as_dates

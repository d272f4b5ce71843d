"""Guesses: which feed a delivered table may fill, and which of its columns may be which of the contract.

A guess compares names (with the other names of synonyms.yml) and looks whether the values can be meant. Each says why.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from orchestration.extract.column_facts import Facts
from orchestration.extract.contract import Column, Feed
from orchestration.extract.personal import words_of

SYNONYMS_FILE = Path(__file__).with_name("synonyms.yml")

# From here on a guess is written into the mapping, and from here on it is worth a remark.
SURE = 0.8
POSSIBLE = 0.45
# A feed's guess must be worth this much, or the table is left out.
FEED_SCORE = 3.0

_SHORT_NAME = 3
# A column of codes may have so many more than the contract allows.
_MORE_VALUES = 3
# Yes, no, and what stands for neither.
_BOOLEAN_VALUES = 3
_NEAR_SPELLING = 0.85


@dataclass(frozen=True)
class Synonyms:
    """What other systems call things, each name without its separators."""

    words: Mapping[str, str]
    feeds: Mapping[str, frozenset[str]]
    columns: Mapping[str, tuple[tuple[str, ...], ...]]
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Match:
    """A delivered column that may be `column`; `score` from 0 to 1."""

    column: Column
    facts: Facts
    score: float


@dataclass(frozen=True)
class FeedGuess:
    """A feed that a table may fill: its score, the reasons in words, and the matches of each contract column."""

    feed: Feed
    score: float
    reasons: tuple[str, ...]
    matches: Mapping[str, tuple[Match, ...]]


@cache
def read_synonyms(path: Path = SYNONYMS_FILE) -> Synonyms:
    """Read the other names of feeds, columns and values."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Synonyms(
        words={word: group[0] for group in document["words"] for word in group},
        feeds={feed: frozenset(words) for feed, words in document["feeds"].items()},
        columns={
            column: tuple(words_of(name) for name in (column, *names)) for column, names in document["columns"].items()
        },
        values={value: tuple(names) for value, names in document["values"].items()},
    )


def guess_feeds(contract: Iterable[Feed], place: tuple[str, ...], facts: tuple[Facts, ...]) -> list[FeedGuess]:
    """Score each feed for a table whose names (its own and those around it) have the words `place`, best first."""
    feeds = [feed for feed in contract if feed.schema == "raw"]
    spread: dict[str, int] = {}
    for feed in feeds:
        for column in feed.columns:
            spread[column.name] = spread.get(column.name, 0) + 1
    guesses = [_guess_feed(feed, place, facts, spread) for feed in feeds]
    return sorted(guesses, key=lambda guess: -guess.score)


def _guess_feed(feed: Feed, place: tuple[str, ...], facts: tuple[Facts, ...], spread: Mapping[str, int]) -> FeedGuess:
    matches = {column.name: match_column(column, facts) for column in feed.columns}
    reasons = []
    score = 0.0
    named = [word for word in dict.fromkeys(place) if word in read_synonyms().feeds[feed.name]]
    if named:
        score += 2
        reasons.append(f"its name says {', '.join(named)}")
    best = assign(feed, matches)
    for column in feed.columns:
        match = best.get(column.name)
        if match is None:
            score -= 0.5 if column.required else 0
            continue
        # A column that many feeds have says little about which feed this is.
        score += match.score * (1.5 if column.required else 1) / math.sqrt(spread[column.name])
    ranked = sorted(best.values(), key=lambda match: match.score / spread[match.column.name], reverse=True)
    telling = [f"{match.facts.name} is like {match.column.name}" for match in ranked if match.score >= POSSIBLE]
    reasons += telling[:4]
    return FeedGuess(feed, round(score, 2), tuple(reasons), matches)


def assign(feed: Feed, matches: Mapping[str, tuple[Match, ...]]) -> dict[str, Match]:
    """Give each delivered column to the one contract column that it fits best."""
    ranked = sorted(
        (match for found in matches.values() for match in found), key=lambda match: (-match.score, match.column.name)
    )
    assigned: dict[str, Match] = {}
    taken: set[str] = set()
    for match in ranked:
        if match.column.name not in assigned and match.facts.name not in taken:
            assigned[match.column.name] = match
            taken.add(match.facts.name)
    return {column.name: assigned[column.name] for column in feed.columns if column.name in assigned}


def match_column(column: Column, facts: Iterable[Facts]) -> tuple[Match, ...]:
    """Find the delivered columns that may be `column`, the best first."""
    found = [Match(column, each, round(_name_score(column.name, each.name) * _fit(column, each), 2)) for each in facts]
    return tuple(sorted((m for m in found if m.score >= POSSIBLE), key=lambda match: -match.score))


def by_shape(column: Column, facts: Iterable[Facts]) -> tuple[Match, ...]:
    """Find delivered columns that could be a required `column` by their values alone, whatever they are called."""
    if not column.required or not (column.allowed_values or column.type != "varchar"):
        return ()
    fitting = [each for each in facts if each.filled and _fit(column, each) == 1]
    if column.allowed_values:
        most = len(column.allowed_values) + _MORE_VALUES
        fitting = [each for each in fitting if each.kind in ("text", "boolean") and each.distinct <= most]
    return tuple(Match(column, each, 0) for each in fitting)


def _name_score(column: str, delivered: str) -> float:
    """Compare a delivered name with a column's names: equal, the same words, nearly the same spelling, some words."""
    words = words_of(delivered)
    joined = "".join(words)
    if not joined:
        return 0
    score = 0.0
    for index, name in enumerate(read_synonyms().columns[column]):
        own = "".join(name)
        if joined == own:
            return 1.0 if index == 0 else 0.9
        canonical, wanted = _canonical(words), _canonical(name)
        if canonical == wanted:
            score = max(score, 0.8 if index == 0 else 0.75)
        elif not own.isascii() and own in joined:
            score = max(score, 0.6)
        elif min(len(own), len(joined)) > _SHORT_NAME and _likeness(own, joined) >= _NEAR_SPELLING:
            score = max(score, 0.7)
        elif len(wanted) > 1 and wanted <= canonical:
            score = max(score, 0.55)
    return score


@cache
def _canonical(words: tuple[str, ...]) -> frozenset[str]:
    same = read_synonyms().words
    return frozenset(same.get(word, word) for word in words)


@cache
def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other).ratio()


def _fit(column: Column, facts: Facts) -> float:
    """Say how well the values of a delivered column could be those of `column`, from 0 to 1."""
    kind = facts.kind
    if kind == "nested":
        return 0
    by_kind: dict[str, float]
    if column.type in ("timestamp", "date"):
        by_kind = {"time of day": 0.7, "whole": 0.5}
        fits = 1 if facts.readings.ways else by_kind.get(kind, 0)
    elif column.type in ("bigint", "double") or column.type.startswith("decimal"):
        fits = float(kind in ("whole", "number"))
    elif column.type == "boolean":
        fits = 1 if kind == "boolean" else 0.8 if facts.distinct <= _BOOLEAN_VALUES else 0
    elif column.allowed_values:
        fits = 1 if facts.is_category and kind not in ("date", "time of day") else 0.2
    elif column.identifier:
        fits = {"text": 1, "whole": 1, "number": 0.5, "boolean": 0.3}.get(kind, 0.2)
    else:
        fits = 0.3 if kind in ("date", "time of day") else 1
    return 0.8 if kind == "empty" else fits

"""How well comments are read: `python -m tests.dbt_project.feedback.measured` prints it.

held_out.csv was written and labelled before any word of the policy table was, and none of it was changed since.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tests.company import SHARED_DATA
from tests.dbt_project.feedback.reading import HELD_OUT, Read, read

REVIEWS = SHARED_DATA / "reviews_zh" / "reviews_zh.csv.gz"
SENTIMENTS = ("positive", "neutral", "negative")
# How it sounds as a whole, and that a price is fair: no subjects that the labels know.
UNLABELLED = frozenset({"satisfied", "dissatisfied", "price_good"})
_BAND = 0.2


@dataclass(frozen=True)
class Labelled:
    """A comment with what a person says of it."""

    language: str
    sentiment: str
    themes: frozenset[str]
    comment: str


@dataclass(frozen=True)
class Score:
    """Accuracy, and the unweighted means over the classes."""

    accuracy: float
    precision: float
    recall: float


def held_out(language: str) -> list[Labelled]:
    """The labelled comments of a language."""
    with HELD_OUT.open(encoding="utf-8", newline="") as file:
        rows = [
            Labelled(row["language"], row["sentiment"], frozenset(row["themes"].split()), row["comment"])
            for row in csv.DictReader(file)
        ]
    return [row for row in rows if row.language == language]


def held_out_reviews(every: int = 1) -> list[tuple[str, str]]:
    """Comment and sentiment of the half of the public Chinese reviews that nobody looked at; of it one in `every`."""
    with gzip.open(REVIEWS, "rt", encoding="utf-8", newline="") as file:
        rows = [(row["review"], "positive" if row["label"] == "1" else "negative") for row in csv.DictReader(file)]
    half = [row for row in rows if row[0].strip() and hashlib.sha256(row[0].encode()).digest()[0] % 2 == 1]
    return half[::every]


def by_library(found: Read) -> str:
    """What the library alone would say."""
    tone = found.tone or 0.0
    return "positive" if tone >= _BAND else "negative" if tone <= -_BAND else "neutral"


def score(truth: Sequence[str], said: Sequence[str | None]) -> Score:
    """Of the classes of `truth`; a class that nobody names has precision 0."""
    classes = [name for name in SENTIMENTS if name in truth]
    pairs = list(zip(truth, said, strict=True))

    def share(counted: Iterable[bool]) -> float:
        flags = list(counted)
        return sum(flags) / len(flags) if flags else 0.0

    return Score(
        share(true == named for true, named in pairs),
        sum(share(true == one for true, named in pairs if named == one) for one in classes) / len(classes),
        sum(share(named == one for true, named in pairs if true == one) for one in classes) / len(classes),
    )


def theme_score(labelled: Sequence[Labelled], found: Sequence[Read]) -> tuple[float, float]:
    """Precision and recall over all pairs of comment and theme."""
    pairs = [(one.themes, each.themes - UNLABELLED) for one, each in zip(labelled, found, strict=True)]
    right = sum(len(true & named) for true, named in pairs)
    return right / sum(len(named) for _, named in pairs), right / sum(len(true) for true, _ in pairs)


def _row(text: str, count: int, method: str, truth: Sequence[str], said: Sequence[str | None]) -> str:
    found = score(truth, said)
    neutral = sum(each == "neutral" for each in said) / len(said)
    return (
        f"| {text} | {count:,} | {method} | {found.accuracy:.1%} | {found.precision:.1%} | {found.recall:.1%} | "
        f"{neutral:.0%} |"
    )


def main() -> None:
    """Print the tables."""
    methods: tuple[tuple[str, Callable[[Read], str | None]], ...] = (
        ("library alone", by_library),
        ("library and themes", lambda found: found.sentiment),
    )
    texts: list[tuple[str, list[str], list[Read]]] = []
    for language in ("en", "zh"):
        labelled = held_out(language)
        found = read([each.comment for each in labelled])
        texts.append((f"held out, {language}", [each.sentiment for each in labelled], found))
        precision, recall = theme_score(labelled, found)
        print(f"themes, {language}: precision {precision:.1%}, recall {recall:.1%}")  # noqa: T201
        for theme in sorted({theme for each in labelled for theme in each.themes}):
            one = [theme in each.themes for each in labelled]
            two = [theme in each.themes for each in found]
            both = sum(a and b for a, b in zip(one, two, strict=True))
            print(f"  {theme}: labelled {sum(one)}, found {sum(two)}, right {both}")  # noqa: T201
    reviews = held_out_reviews()
    texts.append(("public reviews, zh", [label for _, label in reviews], read([text for text, _ in reviews])))
    print("| text | comments | method | accuracy | precision | recall | said neutral |")  # noqa: T201
    print("|---|---:|---|---:|---:|---:|---:|")  # noqa: T201
    for text, truth, found in texts:
        commonest = max(SENTIMENTS, key=truth.count)
        print(_row(text, len(truth), f"always {commonest}", truth, [commonest] * len(truth)))  # noqa: T201
        for method, say in methods:
            print(_row(text, len(truth), method, truth, [say(each) for each in found]))  # noqa: T201


if __name__ == "__main__":
    main()

"""How a comment sounds, from -1 to 1, by libraries that need no network and say the same of the same text every time.

English: vaderSentiment, its compound score. Chinese: SnowNLP, twice its probability of praise, less one. Each is
loaded when there is a first comment to read; docs/decisions/feedback.md says how well they read.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache


@cache
def _english() -> Callable[[str], float]:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415 - where there is a comment

    analyzer = SentimentIntensityAnalyzer()
    return lambda text: analyzer.polarity_scores(text)["compound"]


@cache
def _chinese() -> Callable[[str], float]:
    from snownlp import SnowNLP  # noqa: PLC0415 - it loads for seconds

    return lambda text: 2 * SnowNLP(text).sentiments - 1


_READERS = {"en": _english, "zh": _chinese}
# More of a text than this says nothing new, and somebody may paste a megabyte.
_LONGEST = 2_000


def comment_score(text: str | None, language: str | None) -> float | None:
    """The score of a text in 'en' or 'zh', four decimals; None of no text, or in another language."""
    if text is None or language not in _READERS or not text.strip():
        return None
    return round(_READERS[language]()(text[:_LONGEST]), 4)

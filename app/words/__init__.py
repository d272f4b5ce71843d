"""Every word of the report in English and Chinese; KPI names and definitions come from dim_kpis instead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

import pandas as pd
import streamlit as st

from app.settings import LANGUAGES
from app.words import (
    access,
    actions,
    calls,
    codes,
    columns,
    complaints,
    cost,
    desk,
    drivers,
    early_warning,
    exports,
    feedback,
    filters,
    findings,
    frame,
    health,
    indicators,
    kpis,
    network,
    overview,
    pack,
    parts,
    plans,
    resolution,
    response,
    restated,
    retention,
    rows,
    satisfaction,
    saved,
    signals,
    staffing,
    standing,
    technicians,
    trust,
    units,
    values,
)

_LANGUAGE_KEY = "language"
_SPOKEN: ContextVar[str] = ContextVar("spoken", default="")
_CODE = re.compile(r"[a-z]+(_[a-z0-9]+)*")

_PARTS: Final = (
    access.WORDS,
    actions.WORDS,
    calls.WORDS,
    codes.WORDS,
    columns.WORDS,
    complaints.WORDS,
    cost.WORDS,
    desk.WORDS,
    drivers.WORDS,
    early_warning.WORDS,
    exports.WORDS,
    feedback.WORDS,
    filters.WORDS,
    findings.WORDS,
    frame.WORDS,
    health.WORDS,
    indicators.WORDS,
    kpis.WORDS,
    network.WORDS,
    parts.WORDS,
    overview.WORDS,
    resolution.WORDS,
    pack.WORDS,
    plans.WORDS,
    response.WORDS,
    restated.WORDS,
    retention.WORDS,
    rows.WORDS,
    satisfaction.WORDS,
    saved.WORDS,
    staffing.WORDS,
    signals.WORDS,
    standing.WORDS,
    technicians.WORDS,
    trust.WORDS,
    units.WORDS,
    values.WORDS,
)

# key: (English, 简体中文)
WORDS: Final[dict[str, tuple[str, str]]] = {key: words for part in _PARTS for key, words in part.items()}


def use_language(language: str) -> None:
    """Speak `language` (one of settings.LANGUAGES) in this visitor's session from here on."""
    st.session_state[_LANGUAGE_KEY] = language


def language() -> str:
    """The language this visitor's session speaks."""
    return _SPOKEN.get() or str(st.session_state.get(_LANGUAGE_KEY, LANGUAGES[0]))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` (one of settings.LANGUAGES) where there is no visitor: in a document that a command makes."""
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def t(key: str, **values: object) -> str:
    """The words of `key` in the session's language, with `values` put in; KeyError names a key that is unknown."""
    return WORDS[key][LANGUAGES.index(language())].format(**values)


def named(kind: str, value: object) -> str:
    """A value of the data in words where `kind`.`value` has some, else as readable as it can be made."""
    text = "" if pd.isna(value) else str(value)
    if f"{kind}.{text}" in WORDS:
        return t(f"{kind}.{text}")
    if text in ("", "unknown"):
        return t("value.unknown")
    # A code of the company's own, such as air_conditioner: readable, though not translated.
    return text.replace("_", " ").capitalize() if _CODE.fullmatch(text) else text


def feeds(names: Iterable[str]) -> str:
    """Feeds of the contract as one list in words; `a|b` stands for one of several that would do."""
    alternatives = (t("list.or").join(named("feed", name) for name in one_of.split("|")) for one_of in names)
    return t("list.separator").join(alternatives)

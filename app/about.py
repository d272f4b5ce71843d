"""What a file taken away from the report says of itself: whose numbers, of what, as of when, out of which tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import streamlit as st

from app import formats
from app.scope import ALL, Scope
from app.words import language, t

_ABOUT = "about"
_DRAWN = "drawn"
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')


@dataclass(frozen=True)
class About:
    """A page, or a table or chart of it called `title`, in the words of the session that takes it away.

    code: period, site and product family, and whatever else it is narrowed to, as the names of files tell them.
    """

    page: str
    company: str
    scope: str
    as_of: str
    as_of_at: datetime
    language: str
    version: str
    code: str
    title: str = ""
    source: str = ""

    def file_name(self, name: str, ending: str) -> str:
        """A name for a file of it that every system takes."""
        return f"{_NOT_IN_A_NAME.sub('_', f'{name}_{self.code}').strip('._')}.{ending}"

    @property
    def line(self) -> str:
        """All of it but title and source in one line."""
        return " · ".join((self.company, self.scope, self.as_of))


def tell(scope: Scope, title: str) -> None:
    """Say what the page called `title` is about, which this run draws."""
    st.session_state[_ABOUT] = about(scope, title)
    st.session_state[_DRAWN] = 0


def about(scope: Scope, page: str) -> About:
    """What a page on `scope` is about."""
    company = scope.company
    return About(
        page=page,
        company=company.name,
        scope=f"{scope.period.name} · {scope.words}",
        as_of=t("app.as_of", moment=formats.moment(company.as_of_at, company.time_zone), zone=company.time_zone),
        as_of_at=company.as_of_at,
        language=language(),
        version=Path(scope.warehouse.path).stem,
        code="_".join((scope.period.code, *scope.members[:2], *(each for each in scope.members[2:] if each != ALL))),
    )


def told(title: str, tables: Iterable[str] = ()) -> About | None:
    """What a table or chart called `title` is about, with the tables it was read from; None outside of a page."""
    page = st.session_state.get(_ABOUT)
    return None if page is None else replace(page, title=title, source=", ".join(sorted(tables)))


def next_number() -> int:
    """The number of the chart that is drawn next on the page: its description need not be the only one such."""
    st.session_state[_DRAWN] = st.session_state.get(_DRAWN, 0) + 1
    return int(st.session_state[_DRAWN])

"""Which KPIs are stamped or withheld in the chosen scope, and why: what the build says in meta.kpi_trust."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import streamlit as st

from app import formats, queries
from app.scope import Scope
from app.words import WORDS, language, t

# The column behind each filter.
_COLUMNS = {
    "site": "site_id",
    "family": "product_family",
    "region": "region",
    "channel": "channel",
    "priority": "priority",
}
OK, WARNED, WITHHELD = "ok", "warned", "withheld"
_BADGES = {WARNED: ("orange", "warning"), WITHHELD: ("red", "visibility_off")}


@dataclass(frozen=True)
class Doubt:
    """A check that found fault with something a KPI depends on. `split_by` are the columns that divide the KPI into the
    only rows it is about; empty for all. `message` is empty for who does not see the whole company."""

    trust: str
    table_name: str
    column_name: str
    split_by: frozenset[str]
    message: str

    @property
    def words(self) -> str:
        """The reason in words."""
        where = t(f"feed.{self.table_name}") if f"feed.{self.table_name}" in WORDS else self.table_name
        where += f" · {self.column_name}" if self.column_name else ""
        return formats.plain(f"{where}: {self.message}" if self.message else where)


def read_doubts(scope: Scope, kpi_id: str, *split_by: str) -> list[Doubt]:
    """Why a KPI is stamped or withheld in the scope, or in rows of it that `split_by` divides further."""
    divided = {*split_by, *(_COLUMNS[name] for name in scope.choices)}
    rows = scope.read(queries.kpis.KPI_TRUST, (kpi_id,))
    doubts = [
        Doubt(
            trust=row["trust"],
            table_name=row["table_name"],
            column_name="" if formats.is_missing(row["column_name"]) else str(row["column_name"]),
            split_by=frozenset(row["split_by"].split()),
            message="" if formats.is_missing(row["message"]) else str(row["message"]),
        )
        for row in rows.to_dict("records")
    ]
    return [doubt for doubt in doubts if doubt.trust == WITHHELD or not doubt.split_by or doubt.split_by & divided]


def of(doubts: Iterable[Doubt]) -> str:
    """What follows of reasons: the worst."""
    found = {doubt.trust for doubt in doubts}
    return WITHHELD if WITHHELD in found else WARNED if found else OK


def badge(trust: str) -> str:
    """A stamp in Markdown, with the way to data health; nothing where all is well."""
    if trust == OK:
        return ""
    colour, icon = _BADGES[trust]
    return (
        f":{colour}-badge[:material/{icon}: {t(f'trust.{trust}')}] :small[[{t('trust.why')}](health?lang={language()})]"
    )


def reasons(doubts: Iterable[Doubt]) -> str:
    """The reasons as Markdown for a tooltip; empty without any."""
    told = list(doubts)
    if not told:
        return ""
    trust = of(told)
    return "\n\n".join([t(f"trust.{trust}_why"), *(f"- {doubt.words}" for doubt in told if doubt.trust == trust)])


def show(scope: Scope, named_kpis: Iterable[tuple[str, str]], *split_by: str) -> bool:
    """Stamp a chart or table of KPIs, given by id and name, once for all that have the same stamp; whether its numbers
    may be shown: none is withheld."""
    found = [(name, read_doubts(scope, kpi_id, *split_by)) for kpi_id, name in named_kpis]
    for stamp in (WITHHELD, WARNED):
        names = [name for name, doubts in found if of(doubts) == stamp]
        if names:
            why = dict.fromkeys(doubt for _, doubts in found if of(doubts) == stamp for doubt in doubts)
            words = formats.plain(t("list.separator").join(names))
            st.markdown(f"{badge(stamp)} :small[{words}]", help=reasons(why))
    return all(of(doubts) != WITHHELD for _, doubts in found)

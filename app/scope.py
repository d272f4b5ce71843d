"""What a view is about: the company, the period, and what the visitor narrowed it to and compares it with."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from app import formats, queries, url_state
from app.door import Answerable
from app.warehouse import Parameter, Warehouse
from app.words import language, named, t

ALL = "all"
GRAINS = ("month", "quarter", "year", "all")
# KPIs are published by site and product family, or by one of the others alone.
BY_SITE = "site"
KINDS = ("region", "channel", "priority")
# Most pressing first.
PRIORITIES = ("urgent", "high", "normal", "low", "unknown")
PREVIOUS, YEAR_BEFORE = COMPARISONS = ("previous", "year_before")
_STEP_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_TREND_MONTHS = 24


@dataclass(frozen=True)
class Company:
    """The company that the published file describes."""

    name_en: str
    name_zh: str
    time_zone: str
    currency: str
    as_of_at: datetime

    @property
    def name(self) -> str:
        """Its name in the session's language."""
        return self.name_zh if language() == "zh" else self.name_en

    @property
    def last_day(self) -> date:
        """The company's last local day that the data describes."""
        return (
            (self.as_of_at - timedelta(microseconds=1)).replace(tzinfo=UTC).astimezone(ZoneInfo(self.time_zone)).date()
        )


@dataclass(frozen=True)
class Period:
    """A month, quarter, year or all time; `end` is its last day."""

    grain: str
    start: date
    end: date
    is_complete: bool

    @property
    def code(self) -> str:
        """Its name in the URL: 2026-06, 2026-Q2, 2026, all."""
        if self.grain == "month":
            return f"{self.start:%Y-%m}"
        if self.grain == "quarter":
            return f"{self.start.year}-Q{(self.start.month + 2) // 3}"
        return f"{self.start.year}" if self.grain == "year" else ALL

    @property
    def name(self) -> str:
        """Its name in the session's language."""
        return formats.period(self.grain, self.start)

    def compared_start(self, comparison: str) -> date | None:
        """First day of the period before, or of the same one of the year before; None for all time."""
        months = _STEP_MONTHS.get(self.grain)
        if months is None:
            return None
        return add_months(self.start, -12 if comparison == YEAR_BEFORE else -months)


@dataclass(frozen=True)
class Scope:
    """One visitor's view of one published version. `months` are the company's months, oldest first.

    comparison: what changes are measured against, one of COMPARISONS.
    """

    warehouse: Warehouse
    company: Company
    period: Period
    months: tuple[Period, ...]
    site_id: str
    site_name: str
    family: str
    connected_feeds: frozenset[str]
    region: str = ALL
    channel: str = ALL
    priority: str = ALL
    comparison: str = PREVIOUS

    @property
    def is_whole_company(self) -> bool:
        """Whether the visitor may see more than single sites."""
        return self.warehouse.limits.sites is None

    @property
    def sees_people(self) -> bool:
        """Whether the visitor may see rows and names of single persons."""
        return self.warehouse.limits.sees_people

    @property
    def words(self) -> str:
        """What it is narrowed to in words."""
        return self.words_of(self.choices)

    @property
    def choices(self) -> dict[str, str]:
        """What it is narrowed to, by the name of the filter, in words."""
        found = {"site": self.site_name} if self.site_id != ALL else {}
        if self.family != ALL:
            found["family"] = named("family", self.family)
        for kind, member in zip(KINDS, (self.region, self.channel, self.priority), strict=True):
            if member != ALL:
                # "High" alone would not say of what.
                found[kind] = t("filter.choice", filter=t(f"filter.{kind}"), value=named(kind, member))
        return found

    def words_of(self, filters: Collection[str]) -> str:
        """What it is narrowed to by some of its filters, in words."""
        return " · ".join(words for name, words in self.choices.items() if name in filters) or t("app.scope_all")

    @property
    def members(self) -> tuple[str, str, str, str, str]:
        """Site, product family, region, channel and priority as the marts have them."""
        return self.site_id, self.family, self.region, self.channel, self.priority

    @property
    def ticket_segment(self) -> tuple[str, str, str, str]:
        """Site, product family, channel and priority, for marts that have no regions."""
        return self.site_id, self.family, self.channel, self.priority

    @property
    def ticket_members(self) -> tuple[str, ...]:
        """Site, product family, channel and priority, each twice, for statements about single tickets and answers."""
        return tuple(member for member in self.ticket_segment for _ in range(2))

    @property
    def segment(self) -> str:
        """The segment whose row is that of the scope."""
        for kind, member in zip(KINDS, (self.region, self.channel, self.priority), strict=True):
            if member != ALL:
                return kind
        if self.site_id == ALL:
            return ALL if self.family == ALL else "product_family"
        return self.site_segment

    @property
    def compared_start(self) -> date | None:
        """First day of the period that changes are measured against; None for all time."""
        return self.period.compared_start(self.comparison)

    @property
    def site_segment(self) -> str:
        """The segment whose rows are single sites within the chosen product family."""
        return "site" if self.family == ALL else "site_and_product_family"

    @property
    def trend_range(self) -> tuple[date, date]:
        """First and last month of trends: two years up to the period's end, or longer where the period is."""
        last = self.period.end.replace(day=1)
        return min(self.period.start, add_months(last, 1 - _TREND_MONTHS)), last

    @property
    def last_month(self) -> Period:
        """The latest complete month that the period touches, else the latest one."""
        within = [month for month in self.months if self.period.start <= month.start <= self.period.end]
        complete = [month for month in within if month.is_complete]
        return (complete or within or [self.period])[-1]

    @property
    def quarter_or_year(self) -> tuple[str, date]:
        """Grain and start of the quarter, of a longer period the year, that its last month lies in.

        Rare things, as visits lost to parts and what sites carry, are published by quarter and year.
        """
        month = self.last_month.start
        if self.period.grain in ("month", "quarter"):
            return "quarter", date(month.year, (month.month - 1) // 3 * 3 + 1, 1)
        return "year", date(month.year, 1, 1)

    @property
    def incomplete_months(self) -> frozenset[date]:
        """First days of the months that have not ended at as-of."""
        return frozenset(month.start for month in self.months if not month.is_complete)

    def read(self, sql: str, parameters: Sequence[Parameter] = ()) -> pd.DataFrame:
        """Rows of a statement of app.queries from this version."""
        return self.warehouse.read(sql, parameters)

    def ask(self, request: str, parameters: Mapping[str, Answerable]) -> pd.DataFrame:
        """Rows of a request of app.door_requests from this version."""
        return self.warehouse.ask(request, parameters)


def add_months(first: date, months: int) -> date:
    """The first of a month, `months` later."""
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def read_company(warehouse: Warehouse) -> Company:
    """The company's row of meta.settings."""
    row = warehouse.read(queries.company.COMPANY).iloc[0]
    return Company(
        name_en=str(row["company_name_en"]),
        name_zh=str(row["company_name_zh"]),
        time_zone=str(row["time_zone"]),
        currency=str(row["currency"]),
        as_of_at=row["as_of_at"].to_pydatetime(),
    )


def choose_scope(warehouse: Warehouse, company: Company) -> Scope | None:
    """Draw the filters and return what the visitor chose; meant to be called within the sidebar.

    None for a visitor who may see single sites only, and none of them has rows.
    """
    sites = warehouse.read(queries.company.SITES)
    site_names = {row.site_id: named("site", row.site_name) for row in sites.itertuples()}
    site_choices = [ALL, *site_names] if warehouse.limits.sites is None else list(site_names)
    if not site_choices:
        return None
    periods = read_periods(warehouse, company)
    period = _choose_period(periods)
    comparison = _choose_comparison(period)
    families = [ALL, *warehouse.read(queries.company.PRODUCT_FAMILIES)["product_family"]]
    kinds = _read_kinds(warehouse)
    narrowing = _choose_narrowing({"site": site_choices, "family": families}, kinds)
    members = dict.fromkeys(KINDS, ALL)
    if narrowing == BY_SITE:
        site_id = url_state.pick(
            "site",
            t("filter.site"),
            site_choices,
            site_choices[0],
            lambda option: t("filter.all_sites") if option == ALL else site_names[option],
        )
        family = url_state.pick(
            "family",
            t("filter.family"),
            families,
            ALL,
            lambda option: t("filter.all_families") if option == ALL else named("family", option),
        )
    else:
        site_id = family = ALL
        members[narrowing] = url_state.pick(
            narrowing,
            t(f"filter.{narrowing}"),
            [ALL, *kinds[narrowing]],
            ALL,
            lambda option: t(f"filter.all_{narrowing}") if option == ALL else named(narrowing, option),
        )
    _forget_others(narrowing, is_chosen=members.get(narrowing, ALL) != ALL)
    feeds = warehouse.read(queries.company.FEEDS)
    return Scope(
        warehouse=warehouse,
        company=company,
        period=period,
        months=tuple(candidate for candidate in periods if candidate.grain == "month"),
        site_id=site_id,
        site_name=site_names.get(site_id, t("filter.all_sites")),
        family=family,
        connected_feeds=frozenset(feeds.loc[feeds["is_connected"], "feed"]),
        region=members["region"],
        channel=members["channel"],
        priority=members["priority"],
        comparison=comparison,
    )


def _read_kinds(warehouse: Warehouse) -> dict[str, list[str]]:
    """The regions, channels and priorities that KPIs are published by.

    They are numbers of the whole company: who may see single sites only is offered none.
    """
    if warehouse.limits.sites is not None:
        return {}
    rows = warehouse.read(queries.company.KINDS)
    found = {kind: list(rows.loc[rows["segment"] == kind, "kind"]) for kind in KINDS}
    found["priority"].sort(key=lambda member: PRIORITIES.index(member) if member in PRIORITIES else len(PRIORITIES))
    return {kind: members for kind, members in found.items() if members}


def _choose_narrowing(by_site: Mapping[str, Sequence[str]], kinds: Mapping[str, Sequence[str]]) -> str:
    """By what the view is narrowed; what a link names first tells it."""
    if not kinds:
        return BY_SITE
    named_first = (name for name in kinds if url_state.chosen(name, kinds[name], ALL) != ALL)
    is_by_site = any(url_state.chosen(name, options, ALL) != ALL for name, options in by_site.items())
    return url_state.pick(
        "narrow",
        t("filter.narrow"),
        [BY_SITE, *kinds],
        BY_SITE if is_by_site else next(named_first, BY_SITE),
        lambda option: t(f"filter.narrow_{option}"),
        why=t("filter.narrow_why"),
    )


def _forget_others(narrowing: str, *, is_chosen: bool) -> None:
    """What the view is not narrowed by has no choice; a region, channel or priority in the URL says by what it is."""
    if narrowing != BY_SITE:
        for name in ("site", "family"):
            url_state.remember(name, ALL, ALL)
    for kind in KINDS:
        if kind != narrowing:
            url_state.remember(kind, ALL, ALL)
    url_state.remember("narrow", narrowing, narrowing if is_chosen else BY_SITE)


def _choose_comparison(period: Period) -> str:
    """What changes are measured against; where there is but one answer nothing is asked."""
    if period.grain in ("month", "quarter"):
        return url_state.pick(
            "compare", t("filter.compare"), COMPARISONS, PREVIOUS, lambda option: t(f"filter.{option}"), "segments"
        )
    comparison = url_state.chosen("compare", COMPARISONS, PREVIOUS)
    url_state.remember("compare", comparison, PREVIOUS)
    # The year before is the period before a year.
    return PREVIOUS if period.grain == "year" else comparison


def read_periods(warehouse: Warehouse, company: Company) -> list[Period]:
    """The periods that have KPI values, oldest first; the as-of month where none has."""
    rows = warehouse.read(queries.company.PERIODS)
    periods = [
        Period(row.period_grain, row.period_start_date.date(), row.period_end_date.date(), bool(row.is_complete))
        for row in rows.itertuples()
    ]
    if not any(period.grain == "month" for period in periods):
        today = company.as_of_at.replace(tzinfo=UTC).astimezone(ZoneInfo(company.time_zone)).date()
        start = today.replace(day=1)
        periods.append(Period("month", start, add_months(start, 1) - timedelta(days=1), False))
    return periods


def _choose_period(periods: list[Period]) -> Period:
    by_code = {period.code: period for period in periods}
    default = latest(periods, "month")
    current = by_code[url_state.chosen("period", list(by_code), default.code)]
    grains = [grain for grain in GRAINS if any(period.grain == grain for period in periods)]
    if st.session_state.get("pick_grain") not in grains:
        st.session_state["pick_grain"] = current.grain
    grain = str(
        st.segmented_control(
            t("filter.grain"),
            grains,
            format_func={option: t(f"grain.{option}") for option in grains}.__getitem__,
            key="pick_grain",
            required=True,
            width="stretch",
        )
    )
    codes = [period.code for period in periods if period.grain == grain][::-1]
    key = f"pick_period_{grain}_{language()}"
    if st.session_state.get(key) not in codes:
        st.session_state[key] = current.code if current.code in codes else latest(periods, grain).code
    if grain == ALL:
        code = ALL
    else:
        code = str(
            st.selectbox(
                t("filter.which"),
                codes,
                format_func={option: _period_words(by_code[option]) for option in codes}.__getitem__,
                key=key,
                label_visibility="collapsed",
            )
        )
    url_state.remember("period", code, default.code)
    return by_code[code]


def latest(periods: Sequence[Period], grain: str) -> Period:
    """The latest complete period of `grain`, else the latest one."""
    of_grain = [period for period in periods if period.grain == grain]
    return ([period for period in of_grain if period.is_complete] or of_grain)[-1]


def _period_words(period: Period) -> str:
    return period.name if period.is_complete else t("period.incomplete_mark", period=period.name)

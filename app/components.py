"""The pieces that views are made of: heads, captions, charts of KPIs, tables, and what is said where there is nothing
to show."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

import pandas as pd
import streamlit as st

from app import about, charts, exports, formats, queries, trust, url_state
from app.kpis import History, Kpi
from app.pack.apart import make_apart
from app.scope import Scope
from app.warehouse import SOURCES
from app.words import feeds, language, named, t

# Filters that parts of views follow which follow not all of them: what is counted by site, and single tickets.
BY_SITE = ("site", "family")
BY_TICKET = (*BY_SITE, "channel", "priority")
_STALE_AFTER = timedelta(hours=48)
# Sites, people: more than this is a list to read, not a chart to look at.
_MOST_POINTS = 30
# Pixels of a row of a table.
_ROW_HEIGHT = 36
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def head(scope: Scope, title: str) -> None:
    """The head of a view: its title, what it is about, and how old the data is."""
    company = scope.company
    about.tell(scope, title)
    st.title(title, anchor=False)
    moment = formats.moment(company.as_of_at, company.time_zone)
    parts = (company.name, scope.period.name, scope.words, t("app.as_of", moment=moment, zone=company.time_zone))
    st.caption(" · ".join(formats.plain(part) for part in parts))
    if not scope.period.is_complete and scope.period.grain != "all":
        st.info(t("app.incomplete", period=scope.period.name), icon=":material/hourglass_top:")


def warn_if_stale(published_at: datetime | None) -> None:
    """Say so where the last publication is longer ago than a nightly build would leave it."""
    if published_at is None or formats.is_missing(published_at):
        return
    age = datetime.now(UTC) - published_at.replace(tzinfo=UTC)
    if age > _STALE_AFTER:
        st.warning(t("app.stale", age=formats.duration(age.total_seconds())), icon=":material/schedule:")


def section(title: str, caption: str, scope: Scope | None = None, follows: Collection[str] = ()) -> None:
    """The head of one part of a view; `caption` states the grain in words.

    scope, follows: where the part is narrowed by some filters only, these; it is said of the others.
    """
    st.header(title, anchor=False)
    st.caption(formats.plain(caption))
    if scope is not None:
        not_narrowed(scope, follows)


def left_out(scope: Scope, follows: Collection[str] = ()) -> str:
    """That what is narrowed by the filters `follows` alone leaves out others that were chosen; empty without such."""
    others = [name for name in scope.choices if name not in follows]
    if not others:
        return ""
    return t("filter.not_here", filters=_filters(others), shown=scope.words_of(follows))


def not_narrowed(scope: Scope, follows: Collection[str] = ()) -> None:
    """Say `left_out` where there is something to say."""
    if words := left_out(scope, follows):
        st.caption(f":material/filter_alt_off: {formats.plain(words)}")


def _filters(names: Iterable[str]) -> str:
    words = t("list.separator").join(t(f"filter.{name}") for name in names)
    return words.lower()


def not_published(scope: Scope, kpis: Iterable[Kpi]) -> None:
    """Say which of `kpis` have no values of the scope's segment at all."""
    names = [kpi.name for kpi in kpis if not kpi.is_published_by(scope.segment)]
    if names:
        words = t("nothing.segment", kpis=t("list.separator").join(names), filters=_filters(scope.choices))
        st.caption(f":material/filter_alt_off: {formats.plain(words)}")


def nothing(scope: Scope, sufficient_feeds: Sequence[str] = ()) -> None:
    """Said instead of a chart without rows: that no feed with such rows is connected, or that this scope has none."""
    if sufficient_feeds and scope.connected_feeds.isdisjoint(sufficient_feeds):
        st.info(t("nothing.feeds", feeds=feeds(["|".join(sufficient_feeds)])), icon=":material/link_off:")
    else:
        st.info(t("nothing.rows"), icon=":material/inbox:")


def withheld(reason: str) -> None:
    """Said instead of what the visitor may not see; `reason` is a key of words."""
    st.info(t(reason), icon=":material/lock:")


def trend_rows(scope: Scope, history: History) -> pd.DataFrame:
    """A KPI's monthly readings within the trend's range as rows for charts.trend."""
    first, last = scope.trend_range
    readings = [reading for reading in history.readings if first <= reading.start <= last]
    return pd.DataFrame(
        {
            "when": pd.to_datetime([reading.start for reading in readings]),
            "value": [reading.value for reading in readings],
            "low": [reading.interval_low for reading in readings],
            "high": [reading.interval_high for reading in readings],
            "series": history.kpi.name,
            "shown": [formats.kpi(reading.value, history.kpi.unit, scope.company.currency) for reading in readings],
            "sample": [formats.count(reading.eligible_count) for reading in readings],
            "is_complete": [reading.is_complete for reading in readings],
        }
    )


def reading_rows(named_histories: Iterable[tuple[str, History]]) -> pd.DataFrame:
    """The current readings that have a value as rows for `kpi_intervals`, each under the name given."""
    found = [(name, history.current) for name, history in named_histories]
    return pd.DataFrame(
        [
            {
                "name": name,
                "value": reading.value,
                "interval_low": reading.interval_low,
                "interval_high": reading.interval_high,
                "eligible_count": reading.eligible_count,
                "target": reading.target,
                "status": reading.status,
            }
            for name, reading in found
            if reading is not None and reading.value is not None
        ]
    )


def kpi_trend(
    scope: Scope,
    months: Mapping[str, History],
    kpi_ids: Sequence[str],
    description: str,
    sufficient_feeds: Sequence[str],
) -> None:
    """KPIs of one unit month by month in one chart, with their intervals and targets; `months` as `kpis.read_months`
    gives them."""
    not_published(scope, [months[kpi_id].kpi for kpi_id in kpi_ids if kpi_id in months])
    chosen = [months[kpi_id] for kpi_id in kpi_ids if kpi_id in months and months[kpi_id].readings]
    lines = [trend_rows(scope, history) for history in chosen]
    is_empty = not any(rows["value"].notna().any() for rows in lines)
    withheld_ones = any(reading.trust == trust.WITHHELD for history in chosen for reading in history.readings)
    # There is nothing to be careful with where there is nothing.
    if is_empty and not withheld_ones:
        nothing(scope, sufficient_feeds)
        return
    if not trust.show(scope, [(history.kpi.kpi_id, history.kpi.name) for history in chosen]):
        return
    unit = chosen[0].kpi.unit
    rows = pd.concat(lines, ignore_index=True)
    targets = {history.kpi.name: history.readings[-1].target for history in chosen}
    if unit == "rate":
        # Its unit is "per 100".
        rows[["value", "low", "high"]] *= 100
        targets = {name: None if target is None else target * 100 for name, target in targets.items()}
    titles = {"seconds": t("column.time"), "share": t("column.share"), "ratio": t("column.share")}
    chart = charts.trend(
        rows,
        titles.get(unit) or formats.unit_name(unit, scope.company.currency),
        [history.kpi.name for history in chosen],
        targets={name: target for name, target in targets.items() if target is not None},
        is_share=formats.is_percentage(unit),
        is_duration=unit == "seconds",
        from_zero=unit not in ("score", "points"),
    )
    charts.draw(chart, description)


def kpi_by_site_choice(scope: Scope, histories: Mapping[str, History], kpi_ids: Sequence[str]) -> None:
    """A choice of KPIs, and the chosen one site by site in the period."""
    choices = [kpi_id for kpi_id in kpi_ids if kpi_id in histories and histories[kpi_id].kpi.is_available]
    if not choices:
        return
    st.header(t("by_site.title"), anchor=False)
    kpi_id = url_state.pick(
        "by", t("by_site.kpi"), choices, choices[0], lambda option: histories[option].kpi.name, "segments"
    )
    kpi = histories[kpi_id].kpi
    st.caption(formats.plain(t("by_site.grain", kpi=kpi.name, period=scope.period.name)))
    kpi_by_site(scope, kpi)


def kpi_by_site(scope: Scope, kpi: Kpi) -> None:
    """One point per site for a KPI in the chosen period and product family, worst last."""
    if not trust.show(scope, [(kpi.kpi_id, kpi.name)], "site_id"):
        return
    not_narrowed(scope, BY_SITE)
    kpi_intervals(scope, kpi, site_rows(scope, kpi))


def site_rows(scope: Scope, kpi: Kpi) -> pd.DataFrame:
    """A KPI's rows of single sites in the chosen period and product family, with the site's name, worst last."""
    rows = scope.read(
        queries.kpis.KPI_BY_SITE,
        (kpi.kpi_id, scope.period.grain, scope.period.start, scope.site_segment, scope.family),
    )
    rows["name"] = [named("site", name) for name in rows["site_name"]]
    return rows.sort_values("value", ascending=kpi.direction == "lower", kind="stable")


def kpi_intervals(scope: Scope, kpi: Kpi, rows: pd.DataFrame) -> None:
    """One point per row with its interval: name, value, interval_low, interval_high, eligible_count, target, status."""
    if rows.empty:
        st.caption(t("nothing.rows"))
        return
    if len(rows) > _MOST_POINTS:
        st.caption(t("chart.first", shown=_MOST_POINTS, total=formats.count(len(rows))))
        rows = rows.head(_MOST_POINTS)
    charts.draw(interval_chart(scope, kpi, rows), kpi.name)


def interval_chart(scope: Scope, kpi: Kpi, rows: pd.DataFrame) -> charts.Drawing:
    """The chart of `kpi_intervals` for all of `rows`."""
    currency, is_share = scope.company.currency, formats.is_percentage(kpi.unit)
    divisor, title = 1.0, formats.unit_name(kpi.unit, currency)
    if kpi.unit == "seconds":
        divisor, unit = formats.duration_scale(rows["value"].max())
        title = t(f"column.{unit}")
    elif is_share:
        title = t("column.share")
    elif kpi.unit == "rate":
        divisor = 0.01
    points = pd.DataFrame(
        {
            "name": rows["name"],
            "value": rows["value"] / divisor,
            "low": rows["interval_low"] / divisor,
            "high": rows["interval_high"] / divisor,
            "shown": [formats.kpi(value, kpi.unit, currency) for value in rows["value"]],
            "interval": [
                formats.MISSING if formats.is_missing(low) else formats.kpi_interval(low, high, kpi.unit, currency)
                for low, high in zip(rows["interval_low"], rows["interval_high"], strict=True)
            ],
            "sample": rows["eligible_count"].map(formats.count),
            "status": rows["status"],
            "is_enough": rows.get("is_enough_data", True),
        }
    )
    targets = set(rows["target"].dropna())
    target = targets.pop() / divisor if len(targets) == 1 else None
    return charts.intervals(points, title, target=target, is_share=is_share)


def table(name: str, rows: pd.DataFrame, columns: dict[str, str], height: int | None = None) -> None:
    """A table of `rows` with the named columns under their heads in words; `name` is that of its file.

    height: in pixels, at most; fewer rows take less. None: as high as Streamlit makes it.
    """
    shown = rows[list(columns)].rename(columns=columns)
    # Where there is no text the browser would write "None".
    texts = shown.select_dtypes(["object", "string"]).columns
    shown[texts] = shown[texts].fillna("")
    numbers = {name: st.column_config.NumberColumn(format="localized") for name in shown.select_dtypes("number")}
    st.dataframe(
        shown,
        hide_index=True,
        width="stretch",
        height=table_height(len(shown), height) if height is not None else "auto",
        column_config=numbers,
    )
    download(name, shown, rows.attrs.get(SOURCES, ()))


def table_height(row_count: int, most: int) -> int:
    """The pixels that a table of so many rows and its head take, at most `most`: no empty rows are drawn."""
    return min(_ROW_HEIGHT * (row_count + 1) + 4, most)


def download(name: str, shown: pd.DataFrame, sources: Sequence[str] = ()) -> None:
    """Buttons that save the table `shown` as CSV and as Excel; a file is written when it is asked for.

    sources: the published tables that it was read from.
    The table's own export is switched off in .streamlit/config.toml, since it would save formulas as they are.
    """
    facts = about.told(name, sources)
    files: dict[str, tuple[str, Callable[[], bytes]]] = {"csv": ("text/csv", partial(exports.write_csv, shown))}
    if facts is not None:
        words = _workbook_words(facts, len(shown))
        files["xlsx"] = (_XLSX, partial(exports.write_xlsx, shown, *words, facts.as_of_at))
    with st.container(horizontal=True, gap="medium"):
        for ending, (mime, write) in files.items():
            st.download_button(
                t(f"export.{ending}"),
                write,
                file_name=f"{name}.{ending}" if facts is None else facts.file_name(name, ending),
                mime=mime,
                key=f"download_{name}_{ending}",
                on_click="ignore",
                type="tertiary",
                icon=":material/download:",
            )


def board_pack(scope: Scope) -> None:
    """A button that makes the board pack of the chosen period, for whoever may see the whole company."""
    if not scope.is_whole_company:
        return
    st.download_button(
        t("pack.make"),
        partial(make_apart, scope.warehouse.path, scope.period.code, language()),
        file_name=f"{scope.period.code}_{language()}.pdf",
        mime="application/pdf",
        key="board_pack",
        help=t("pack.make_help", period=scope.period.name),
        on_click="ignore",
        icon=":material/picture_as_pdf:",
    )


def _workbook_words(facts: about.About, rows: int) -> tuple[str, dict[str, str], str]:
    """The name of a workbook's first sheet, what its second one says, and that one's name."""
    said = {
        t("export.table"): f"{facts.page} · {facts.title}",
        t("export.company"): facts.company,
        t("export.scope"): facts.scope,
        t("export.as_of"): facts.as_of,
        t("export.language"): t("export.language_name"),
        t("export.source"): facts.source,
        t("export.version"): facts.version,
        t("export.rows"): formats.count(rows),
    }
    return t("export.table"), said, t("export.about")

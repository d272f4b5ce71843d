"""The frame around every view: title, filters, navigation, and the watch for a newly published version."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from app import components, doorstep, queries, saved_sidebar, saved_views, url_state
from app.scope import Scope, choose_scope, read_company
from app.settings import LANGUAGES, START_PAGE, Settings
from app.views import (
    actions,
    calls,
    complaints,
    cost,
    desk,
    drivers,
    early_warning,
    feedback,
    health,
    indicators,
    network,
    overview,
    parts,
    resolution,
    response,
    retention,
    satisfaction,
    staffing,
    technicians,
)
from app.visitor import Refusal, Visitor, admit
from app.warehouse import OutdatedFileError, Warehouse, WarehouseError, open_warehouse, published_path
from app.words import language, t, use_language

_LOG = logging.getLogger("aftersales.report")
LANGUAGE_NAMES = {"en": "English", "zh": "简体中文"}
_LANGUAGE_KEY = "pick_lang"
_LOOK_EVERY = "10s"
# A file of our own: Streamlit would fetch a named icon for the browser's tab from another host.
_ICON = Path(__file__).with_name("icon.svg")
_STYLE = Path(__file__).with_name("style.css")


@dataclass(frozen=True)
class View:
    """One page: its name in URLs and words, its sign, what draws it, and the group that it stands in."""

    name: str
    icon: str
    render: Callable[[Scope], None]
    group: str


VIEWS = (
    View("overview", "dashboard", overview.render, "company"),
    View("response", "timer", response.render, "service"),
    View("resolution", "task_alt", resolution.render, "service"),
    View("early_warning", "notification_important", early_warning.render, "service"),
    View("calls", "call", calls.render, "service"),
    View("parts", "inventory_2", parts.render, "service"),
    View("network", "hub", network.render, "service"),
    View("satisfaction", "sentiment_satisfied", satisfaction.render, "customers"),
    View("complaints", "feedback", complaints.render, "customers"),
    View("actions", "published_with_changes", actions.render, "customers"),
    View("feedback", "forum", feedback.render, "customers"),
    View("retention", "loyalty", retention.render, "customers"),
    View("drivers", "account_tree", drivers.render, "customers"),
    View("cost", "payments", cost.render, "means"),
    View("technicians", "engineering", technicians.render, "means"),
    View("staffing", "calendar_month", staffing.render, "means"),
    View("indicators", "manage_search", indicators.render, "data"),
    View("health", "health_and_safety", health.render, "data"),
    View("desk", "terminal", desk.render, "data"),
)


def show(settings: Settings, start: str = START_PAGE) -> None:
    """Draw the report; `start` names the view that the bare address opens."""
    url_state.begin()
    # Before anything is said: a click on the language is in the session when the run starts.
    if st.session_state.get(_LANGUAGE_KEY) not in LANGUAGES:
        st.session_state[_LANGUAGE_KEY] = url_state.chosen("lang", LANGUAGES, _first_language(settings))
    use_language(st.session_state[_LANGUAGE_KEY])
    st.set_page_config(page_title=t("app.title"), page_icon=str(_ICON), layout="wide")
    st.html(_STYLE)
    path = published_path(settings.warehouse)
    visitor = admit(settings.login, st.user.to_dict())
    _watch(settings, path, visitor)
    if isinstance(visitor, Refusal):
        # The key is a handle for app/style.css.
        with st.container(key="doorstep"):
            _language_choice(settings)
            doorstep.refuse(visitor)
    elif path is None:
        _nothing_published(settings)
    else:
        _report(settings, path, visitor, start)
    url_state.write_url()


def _first_language(settings: Settings) -> str:
    """The language of the settings, else of the visitor's browser, else English."""
    browser = st.context.locale or ""
    return settings.language or ("zh" if browser.lower().startswith("zh") else LANGUAGES[0])


def _report(settings: Settings, path: str, visitor: Visitor, start: str) -> None:
    warehouse = _opened(settings, path, visitor)
    if warehouse is None:
        return
    with st.sidebar:
        _language_choice(settings)
        scope = choose_scope(warehouse, read_company(warehouse))
        shelf = st.container()
        doorstep.show_visitor(visitor, warehouse)
    if scope is None:
        st.title(t("door.no_rows_title"), anchor=False)
        st.info(t("door.no_rows", sites=t("list.separator").join(visitor.limits.sites or ())), icon=":material/inbox:")
        return
    pages = [
        st.Page(
            partial(view.render, scope),
            title=t(f"page.{view.name}"),
            icon=f":material/{view.icon}:",
            url_path=view.name,
            default=view.name == start,
        )
        for view in VIEWS
    ]
    url_state.know_pages({view.name: page for view, page in zip(VIEWS, pages, strict=True)})
    groups: dict[str, list[StreamlitPage]] = {}
    for view, entry in zip(VIEWS, pages, strict=True):
        groups.setdefault(t(f"pages.{view.group}"), []).append(entry)
    # Expanded: the words for pages that are folded away are Streamlit's own, in English.
    page = st.navigation(groups, expanded=True)
    url_state.open_asked()
    builds = scope.read(queries.company.BUILDS)
    if len(builds):
        components.warn_if_stale(builds["published_at"].iloc[0])
    page.run()
    if visitor.owner is not None:
        with shelf:
            saved_sidebar.show(saved_views.file_of(settings.warehouse), visitor.owner, page.url_path or start)


def _opened(settings: Settings, path: str, visitor: Visitor) -> Warehouse | None:
    """The version as far as the visitor may see it; where it cannot be shown, None and a page that says why."""
    try:
        return open_warehouse(path, visitor.limits)
    except (OutdatedFileError, WarehouseError) as error:
        # The error names paths and tables: it is for whoever runs the report, not for its visitors.
        _LOG.error("%s cannot be shown: %s", path, error)
        problem = "outdated" if isinstance(error, OutdatedFileError) else "broken"
    _language_choice(settings)
    st.title(t(f"app.{problem}_title"), anchor=False)
    st.error(t(f"app.{problem}", name=Path(path).name))
    return None


def _language_choice(settings: Settings) -> None:
    st.segmented_control(
        t("filter.language"), LANGUAGES, format_func=LANGUAGE_NAMES.__getitem__, key=_LANGUAGE_KEY, required=True
    )
    url_state.remember("lang", language(), _first_language(settings))


def _nothing_published(settings: Settings) -> None:
    _language_choice(settings)
    st.title(t("app.no_file_title"), anchor=False)
    st.info(t("app.no_file", path=settings.warehouse), icon=":material/inbox:")
    st.write(t("app.no_file_do"))
    st.code("make run", language="bash")
    st.caption(t("app.no_file_other"))


@st.fragment(run_every=_LOOK_EVERY)
def _watch(settings: Settings, path: str | None, visitor: Visitor | Refusal) -> None:
    """Run the report again when another version is served than the one drawn, or the visitor's rights have changed."""
    if published_path(settings.warehouse) != path or admit(settings.login, st.user.to_dict()) != visitor:
        st.rerun()

"""The frame around every view: title, filters, navigation, and the watch for a newly published version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from app import components, queries, url_state
from app.scope import Scope, choose_scope, read_company
from app.settings import LANGUAGES, Settings
from app.views import cost, health, overview, response, retention, satisfaction, technicians
from app.warehouse import WarehouseError, open_warehouse, published_path
from app.words import language, t, use_language

LANGUAGE_NAMES = {"en": "English", "zh": "简体中文"}
_LANGUAGE_KEY = "pick_lang"
_LOOK_EVERY = "10s"
# A file of our own: Streamlit would fetch a named icon for the browser's tab from another host.
_ICON = Path(__file__).with_name("icon.svg")
_STYLE = Path(__file__).with_name("style.css")


@dataclass(frozen=True)
class View:
    """One page: its name in URLs and words, its sign, and what draws it."""

    name: str
    icon: str
    render: Callable[[Scope], None]


VIEWS = (
    View("overview", "dashboard", overview.render),
    View("response", "timer", response.render),
    View("satisfaction", "sentiment_satisfied", satisfaction.render),
    View("retention", "loyalty", retention.render),
    View("cost", "payments", cost.render),
    View("technicians", "engineering", technicians.render),
    View("health", "health_and_safety", health.render),
)


def show(settings: Settings, start: str = "overview") -> None:
    """Draw the report; `start` names the view that the bare address opens."""
    url_state.begin()
    # Before anything is said: a click on the language is in the session when the run starts.
    if st.session_state.get(_LANGUAGE_KEY) not in LANGUAGES:
        st.session_state[_LANGUAGE_KEY] = url_state.chosen("lang", LANGUAGES, _first_language(settings))
    use_language(st.session_state[_LANGUAGE_KEY])
    st.set_page_config(page_title=t("app.title"), page_icon=str(_ICON), layout="wide")
    st.html(_STYLE)
    path = published_path(settings.warehouse)
    _watch(settings.warehouse, path)
    if path is None:
        _nothing_published(settings)
    else:
        _report(settings, path, start)
    url_state.write_url()


def _first_language(settings: Settings) -> str:
    """The language of the settings, else of the visitor's browser, else English."""
    browser = st.context.locale or ""
    return settings.language or ("zh" if browser.lower().startswith("zh") else LANGUAGES[0])


def _report(settings: Settings, path: str, start: str) -> None:
    try:
        warehouse = open_warehouse(path)
    except WarehouseError:
        _language_choice(settings)
        st.title(t("app.broken_title"), anchor=False)
        st.error(t("app.broken", path=path))
        return
    with st.sidebar:
        _language_choice(settings)
        scope = choose_scope(warehouse, read_company(warehouse))
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
    page = st.navigation(pages)
    builds = scope.read(queries.BUILDS)
    if len(builds):
        components.warn_if_stale(builds["published_at"].iloc[0])
    page.run()


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
def _watch(link: Path, path: str | None) -> None:
    """Run the report again when the link leads to another version than the one drawn."""
    if published_path(link) != path:
        st.rerun()

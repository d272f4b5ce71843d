"""Saved views in the sidebar: open one, save the present page, rename or remove one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from app import formats, saved_views, url_state
from app.saved_views import EVERYBODY, LONGEST_NAME, SavedView, SavedViewsError
from app.words import language, t

_LOG = logging.getLogger("aftersales.report")
# Longer lists scroll, so that the foot of the sidebar stays in reach.
_MOST_IN_SIGHT = 8
_HEIGHT = 300
_ERROR = "saved_views_error"
_NAME, _NEW_NAME, _WHICH = "saved_name", "saved_new_name", "saved_which"


def show(path: Path, owner: str, page: str) -> None:
    """Draw the saved views of `owner`; `page` is the one that is drawn. Called when its choices are known."""
    st.divider()
    st.markdown(f"**{t('saved.title')}**")
    try:
        views = saved_views.read(path, owner)
    except SavedViewsError as error:
        _LOG.error("%s cannot be read: %s", path, error.__cause__)
        st.caption(t("saved.not_readable"))
        return
    # The key is a handle for tests and app/style.css.
    with st.container(height=_HEIGHT if len(views) > _MOST_IN_SIGHT else "content", gap=None, key="saved_views"):
        # In the list's place: what stands below keeps its own, and an open expander stays open.
        if not views:
            st.caption(t("saved.none"))
        for view in views:
            st.button(
                formats.plain(view.name),
                key=f"saved_{view.view_id}",
                type="tertiary",
                icon=":material/bookmark:",
                on_click=url_state.ask_for,
                args=(view.page, view.choices),
            )
    with st.expander(t("saved.manage"), icon=":material/bookmark_add:"):
        if owner == EVERYBODY:
            st.caption(t("saved.everybody"))
        if error_key := st.session_state.pop(_ERROR, None):
            st.error(t(f"saved.{error_key}"))
        choices = url_state.shown()
        st.text_input(t("saved.name"), key=_NAME, max_chars=LONGEST_NAME, help=t("saved.name_help"))
        st.button(
            t("saved.keep"),
            key="saved_keep",
            on_click=_do,
            args=(lambda: saved_views.keep(path, owner, st.session_state[_NAME], page, choices), _NAME),
        )
        if views:
            _manage(path, owner, {view.view_id: view for view in views})


def _manage(path: Path, owner: str, views: dict[int, SavedView]) -> None:
    key = f"{_WHICH}_{language()}"
    which = st.selectbox(
        t("saved.which"), list(views), format_func={i: view.name for i, view in views.items()}.__getitem__, key=key
    )
    st.text_input(t("saved.new_name"), key=_NEW_NAME, max_chars=LONGEST_NAME)
    with st.container(horizontal=True):
        st.button(
            t("saved.rename"),
            key="saved_rename",
            on_click=_do,
            args=(lambda: saved_views.rename(path, owner, which, st.session_state[_NEW_NAME]), _NEW_NAME),
        )
        st.button(
            t("saved.remove"),
            key="saved_remove",
            on_click=_do,
            args=(lambda: saved_views.remove(path, owner, which), _NEW_NAME),
        )


def _do(change: Callable[[], None], field: str) -> None:
    """Make a change, and empty the field that it came from; what hinders it is said in the next run."""
    try:
        change()
    except SavedViewsError as error:
        if error.__cause__ is not None:
            _LOG.error("saved views: %s", error.__cause__)
        st.session_state[_ERROR] = str(error)
    else:
        st.session_state[field] = ""

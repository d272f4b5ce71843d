"""What visitors see who are not let in, and who it is that was."""

from __future__ import annotations

import streamlit as st

from app import formats
from app.visitor import Refusal, Visitor, name_of
from app.words import t

_SIGNS = {
    Refusal.SIGNED_OUT: "lock",
    Refusal.EXPIRED: "lock_clock",
    Refusal.UNKNOWN: "no_accounts",
    Refusal.MISCONFIGURED: "report",
}


def refuse(refusal: Refusal) -> None:
    """Say why the door stays shut, and what can be done."""
    # The key is a handle for app/style.css.
    with st.container(border=True, key="doorstep"):
        st.markdown(f":gray[:material/{_SIGNS[refusal]}:] {t('app.title')}")
        st.title(t(f"door.{refusal}_title"), anchor=False)
        st.write(t(f"door.{refusal}", name=formats.plain(name_of(st.user.to_dict()))))
        if refusal in (Refusal.SIGNED_OUT, Refusal.EXPIRED):
            st.button(t("door.sign_in"), type="primary", icon=":material/login:", on_click=st.login)
        else:
            _sign_out()


def show_visitor(visitor: Visitor) -> None:
    """Say who is looking and as what, with the way out; for the foot of the sidebar."""
    st.divider()
    if visitor.role is None:
        st.caption(f":material/lock_open: {t('door.open')}")
        return
    st.caption(
        f":material/account_circle: {formats.plain(visitor.name)}  \n"
        + t(f"role.{visitor.role}", sites=formats.plain(t("list.separator").join(visitor.limits.sites or ())))
    )
    _sign_out()


def _sign_out() -> None:
    st.button(t("door.sign_out"), icon=":material/logout:", on_click=st.logout)

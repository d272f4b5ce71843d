"""What visitors see who are not let in, and who it is that was."""

from __future__ import annotations

import streamlit as st

from app import formats, queries
from app.visitor import Refusal, Visitor, name_of
from app.warehouse import Warehouse
from app.words import named, t

_SIGNS = {
    Refusal.SIGNED_OUT: "lock",
    Refusal.EXPIRED: "lock_clock",
    Refusal.UNKNOWN: "no_accounts",
    Refusal.MISCONFIGURED: "report",
}


def refuse(refusal: Refusal) -> None:
    """Say why the door stays shut, and what can be done."""
    with st.container(border=True):
        st.caption(f":material/{_SIGNS[refusal]}: {t('app.title')}")
        st.title(t(f"door.{refusal}_title"), anchor=False)
        if name := name_of(st.user.to_dict()):
            # As it stands: Markdown would make a link of an address.
            st.text(name)
        st.write(t(f"door.{refusal}"))
        if refusal in (Refusal.SIGNED_OUT, Refusal.EXPIRED):
            st.button(t("door.sign_in"), type="primary", icon=":material/login:", on_click=st.login)
        else:
            _sign_out()


def show_visitor(visitor: Visitor, warehouse: Warehouse) -> None:
    """Say who is looking and as what, with the way out; for the foot of the sidebar."""
    st.divider()
    if visitor.role is None:
        st.caption(f":material/lock_open: {t('door.open')}")
        return
    found = {row.site_id: named("site", row.site_name) for row in warehouse.read(queries.company.SITES).itertuples()}
    sites = t("list.separator").join(found.get(site, site) for site in visitor.limits.sites or ())
    st.text(visitor.name)
    st.caption(t(f"role.{visitor.role}", sites=formats.plain(sites)))
    _sign_out()


def _sign_out() -> None:
    st.button(t("door.sign_out"), icon=":material/logout:", on_click=st.logout)

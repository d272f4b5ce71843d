"""The report's script, which app/server.py serves."""

from __future__ import annotations

import streamlit as st

from app import frame
from app.settings import SettingsError, is_this_machine, read_settings

if __name__ == "__main__":
    settings = read_settings()
    address = st.get_option("server.address")
    # `streamlit run` on this file passes by the check at the server's start.
    if settings.login is None and not is_this_machine(address):
        raise SettingsError(f"no login is configured, and the server listens on {address or 'every address'}")
    frame.show(settings)

"""The report's entry: streamlit run app/main.py."""

from __future__ import annotations

from app import frame
from app.settings import read_settings

if __name__ == "__main__":
    frame.show(read_settings())

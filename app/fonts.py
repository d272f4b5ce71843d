"""The font of pictures and of the board pack: one that comes with the installation, so that no machine lacks it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pylopdf_fonts_zh_cn import sans_path

FAMILY: Final = "Noto Sans SC"


def folder() -> Path:
    """The folder of the font's files."""
    return Path(sans_path()).parent

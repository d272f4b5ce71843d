"""Settings of the report: the only module of this package that reads the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("en", "zh")
DEFAULT_WAREHOUSE = Path("data/sample/published/current.duckdb")


class SettingsError(ValueError):
    """A variable of the environment has a value that cannot be used."""


@dataclass(frozen=True)
class Settings:
    """What the report takes from the environment.

    warehouse: the published file, normally the link `current.duckdb` that each publication moves.
    language: language of a first visit; None leaves it to the visitor's browser.
    """

    warehouse: Path
    language: str | None


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environment` (default: the process's); SettingsError names what is wrong."""
    env = os.environ if environment is None else environment
    language = env.get("AFTERSALES_LANGUAGE", "") or None
    if language is not None and language not in LANGUAGES:
        raise SettingsError(
            f"AFTERSALES_LANGUAGE is '{language}', expected one of {', '.join(LANGUAGES)}: correct it or leave it unset"
        )
    return Settings(warehouse=Path(env.get("AFTERSALES_WAREHOUSE", "") or DEFAULT_WAREHOUSE), language=language)

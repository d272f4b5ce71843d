"""Settings of a run: the only module of this package that reads the environment."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psutil

from orchestration.engine import EngineLimits
from orchestration.spark.settings import SparkSettings

PREFIX = "AFTERSALES_"
_MEMORY = re.compile(r"\d+(\.\d+)? ?([KMGT]i?B)")

# Set by the build for dbt, or read by the report or by the `public` profile: known here so that a misspelt name is not.
_KNOWN_ELSEWHERE = {
    "AFTERSALES_BUILD_FILE",
    "AFTERSALES_INGEST_FILE",
    "AFTERSALES_TIME_ZONE",
    "AFTERSALES_PRIVACY",
    "AFTERSALES_DBT_TARGET",
    "AFTERSALES_SPARK_DIR",
    "AFTERSALES_PII_SALT",
    "AFTERSALES_WAREHOUSE",
    "AFTERSALES_LANGUAGE",
    "AFTERSALES_PUBLIC_DATA",
    "AFTERSALES_LAKE_CATALOG",
    "AFTERSALES_LAKE_SCHEMA",
    "AFTERSALES_LAKE_DATA",
}


class SettingsError(ValueError):
    """A variable of the environment that is unknown or has a value that cannot be used."""


@dataclass(frozen=True)
class Settings:
    """What a run takes from the environment.

    profile: name of a shipped company profile, or the path of a YAML file.
    data_dir: folder that holds one sub-folder per company.
    as_of: instant at which the company is described; None leaves it to the profile.
    known_at: build from what was landed by this instant, apart from the live files; None is the live build.
    keep_versions: published versions that a publication leaves on disk.
    keep_logs: structured logs of builds that stay on disk.
    keep_gate_builds: builds whose gates' outcomes a version holds, its own included.
    engine: how much of the machine DuckDB may take, in each of the two processes of a build.
    spark: where the models are built, if not by DuckDB in dbt's own process.
    environment: all variables, for the profile's ${NAME} references.
    """

    profile: str
    data_dir: Path
    as_of: datetime | None
    known_at: datetime | None
    keep_versions: int
    keep_logs: int
    keep_gate_builds: int
    engine: EngineLimits
    spark: SparkSettings | None
    environment: Mapping[str, str]


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `environment` (default: the process's); SettingsError names what is wrong."""
    env = dict(os.environ if environment is None else environment)
    known = {
        PREFIX + "PROFILE",
        PREFIX + "DATA_DIR",
        PREFIX + "AS_OF",
        PREFIX + "KNOWN_AT",
        PREFIX + "KEEP_VERSIONS",
        PREFIX + "KEEP_LOGS",
        PREFIX + "KEEP_GATE_BUILDS",
        PREFIX + "THREADS",
        PREFIX + "MEMORY",
        PREFIX + "SPARK_MASTER",
        PREFIX + "SPARK_ENVIRONMENT",
        *_KNOWN_ELSEWHERE,
    }
    for name in sorted(env):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise SettingsError(f"environment variable {name} is not known.{hint} Known: {', '.join(sorted(known))}")
    data_dir = Path(env.get(PREFIX + "DATA_DIR") or "data").resolve()
    if "?" in str(data_dir):
        # The engine would take what follows for the options of a URL, and write beside the folder.
        raise SettingsError(f"{PREFIX}DATA_DIR is {data_dir}; a path with a question mark cannot be used")
    return Settings(
        profile=env.get(PREFIX + "PROFILE") or "sample",
        data_dir=data_dir,
        as_of=read_instant(as_of, PREFIX + "AS_OF") if (as_of := env.get(PREFIX + "AS_OF")) else None,
        known_at=read_instant(known_at, PREFIX + "KNOWN_AT") if (known_at := env.get(PREFIX + "KNOWN_AT")) else None,
        keep_versions=_positive(env, "KEEP_VERSIONS", 10),
        keep_logs=_positive(env, "KEEP_LOGS", 100),
        keep_gate_builds=_positive(env, "KEEP_GATE_BUILDS", 30),
        engine=EngineLimits(
            memory=_memory(env), threads=_positive(env, "THREADS", os.cpu_count() or 1), spill_dir=data_dir / "spill"
        ),
        spark=_spark(env),
        environment=env,
    )


def read_instant(text: str, name: str) -> datetime:
    """The aware instant that `text` writes; SettingsError names `name` where it does not."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise SettingsError(
            f"{name} is {text!r}; expected an ISO instant with its offset, such as 2026-07-01T00:00:00+08:00"
        )
    return instant


def _memory(env: Mapping[str, str]) -> str:
    """The engine's memory: a quarter of the machine's, so that the report and its readers keep theirs."""
    text = env.get(PREFIX + "MEMORY")
    if not text:
        return f"{psutil.virtual_memory().total // 4 // 2**20}MiB"
    if not _MEMORY.fullmatch(text):
        raise SettingsError(f"{PREFIX}MEMORY is {text!r}; expected an amount with its unit, such as 6GB or 800MiB")
    return text


def _positive(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(PREFIX + name)
    if not text:
        return default
    if not text.isdecimal() or int(text) < 1:
        raise SettingsError(f"{PREFIX}{name} is {text!r}; expected a whole number from 1")
    return int(text)


def _spark(env: Mapping[str, str]) -> SparkSettings | None:
    master = env.get(PREFIX + "SPARK_MASTER")
    if not master:
        return None
    return SparkSettings(master, Path(env.get(PREFIX + "SPARK_ENVIRONMENT") or ".venv-spark").resolve())

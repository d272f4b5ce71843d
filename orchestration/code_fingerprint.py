"""What the outcome of a build depends on besides its inputs: our own code and the engines that run it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

_ROOT = Path(__file__).parents[1]
_ENGINES = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "numpy", "scipy", "scikit-learn")
# Each with the endings of the files that count: what dbt and Python leave beside them does not.
_ROOMS = {
    "orchestration": (".py", ".yml", ".csv"),
    "expectations": (".py",),
    "dbt_project/models": (".sql", ".yml", ".py"),
    "dbt_project/macros": (".sql", ".yml"),
    "dbt_project/tests": (".sql", ".yml"),
    "dbt_project/policies": (".csv",),
    "dbt_project/spark_adapter": (".py", ".sql", ".lock"),
}
_FILES = ("dbt_project/dbt_project.yml", "dbt_project/profiles.yml", "dbt_project/selectors.yml")


@cache
def code_fingerprint(root: Path = _ROOT) -> str:
    """A hash of every file of ours that a build runs, with its path, and of the engines' versions."""
    digest = hashlib.sha256()
    for engine in _ENGINES:
        digest.update(f"{engine} {version(engine)}\n".encode())
    for path in _files(root):
        digest.update(f"{path.relative_to(root).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for room, endings in _ROOMS.items():
        yield from sorted(path for path in (root / room).rglob("*") if path.suffix in endings)
    yield from (root / name for name in _FILES)

"""The board pack: made by the report as a process of its own on the served version, as dbt is run on a build."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from orchestration.workspace import Workspace

LANGUAGES = ("en", "zh")
log = logging.getLogger("aftersales")


class BoardPackError(RuntimeError):
    """No pack was made; the message says why."""


@dataclass(frozen=True)
class BoardPack:
    """A pack on disk. contents tells the marts of its version from any other's."""

    path: Path
    language: str
    period: str
    pages: int
    bytes: int
    build_id: str
    contents: str


def make_board_pack(workspace: Workspace, language: str, period: str | None = None) -> BoardPack:
    """Write <period>_<language>.pdf of the served version into the company's folder of packs, whole or not at all.

    period: 2026-06, 2026-Q2, 2026 or all; None is the latest complete month.
    """
    if not workspace.current.exists():
        raise BoardPackError(f"nothing is published in {workspace.published_dir}; run `aftersales build` first")
    command = [
        sys.executable, "-m", "app.pack", str(workspace.current), str(workspace.board_packs_dir),
        "--language", language, *(["--period", period] if period else []),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode != 0:
        raise BoardPackError(done.stderr.strip().rpartition("\n")[2])
    facts = json.loads(done.stdout)
    pack = BoardPack(Path(facts.pop("path")), language, **facts)
    log.info("board pack: %s, %s pages", pack.path, pack.pages)
    return pack

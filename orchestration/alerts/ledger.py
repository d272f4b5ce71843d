"""The ledger of alerts: which were raised, so that none is sent twice, and which still wait for their delivery.

One JSON file in the company's folder, replaced whole at each change. Change it only while holding the build lock.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from orchestration.duckdb_files import fsync_directory

# An alert that could not be delivered for so long is no news any more.
KEPT_WAITING = timedelta(days=30)
# Signals remembered: 100 KPIs of three kinds for more than five years.
_MOST_TOLD = 20_000


@dataclass
class Alert:
    """One message: `id` is the same at each try, so that a receiver can tell a repetition. raised_at is ISO."""

    id: str
    event: str
    build_id: str
    raised_at: str
    subject: str
    text: str
    items: list[dict[str, object]]
    # Routes that have not got it yet, with what the last try met.
    waiting: dict[str, str] = field(default_factory=dict)


@dataclass
class Condition:
    """Something that lasts (a build that fails, a feed that is late) and was told: since when, and what it was."""

    since: str
    what: str


@dataclass
class Ledger:
    """What is in the file. `told` are the fingerprints of signals with the instant at which they were raised."""

    path: Path
    conditions: dict[str, Condition] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    alerts: list[Alert] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> Ledger:
        """Read the ledger; an empty one where there is none. ValueError where the file is damaged."""
        if not path.exists():
            return cls(path)
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            return cls(
                path,
                {name: Condition(**each) for name, each in found["conditions"].items()},
                found["told"],
                [Alert(**each) for each in found["alerts"]],
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path} is damaged: {error}") from error

    def save(self) -> None:
        """Write it, durably and whole; what is delivered is left out."""
        self.alerts = [each for each in self.alerts if each.waiting]
        self.told = dict(list(self.told.items())[-_MOST_TOLD:])
        content = {
            "conditions": {name: asdict(each) for name, each in self.conditions.items()},
            "told": self.told,
            "alerts": [asdict(each) for each in self.alerts],
        }
        draft = self.path.with_name(f".{self.path.name}.draft")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)
        fsync_directory(self.path.parent)

    def give_up(self, instant: datetime) -> list[Alert]:
        """Take out what waits for too long at `instant`, and return it."""
        oldest = instant - KEPT_WAITING
        old = [each for each in self.alerts if datetime.fromisoformat(each.raised_at) < oldest]
        self.alerts = [each for each in self.alerts if each not in old]
        return old

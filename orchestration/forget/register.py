"""The register of forgotten persons: what was done when, by the number of the request, and keyed hashes of whom."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from orchestration.duckdb_files import fsync_directory
from orchestration.extract.suppression import KEY_FILE, REGISTER, keyed_hash, read_suppression
from orchestration.versions.store import fsync_file

_FORMAT = 1


@dataclass(frozen=True)
class Request:
    """A person who was forgotten. `customer` and `traces` are keyed hashes; `acts` say when and how many rows."""

    request: str
    customer: str
    pseudonym: str
    traces: tuple[str, ...]
    acts: tuple[Mapping[str, object], ...]


class Register:
    """The register as it stands in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        read_suppression(folder)  # says what is wrong where the key is missing
        path = folder / REGISTER
        listed = json.loads(path.read_text(encoding="utf-8"))["requests"] if path.exists() else []
        self.requests = [
            Request(each["request"], each["customer"], each["pseudonym"], tuple(each["traces"]), tuple(each["acts"]))
            for each in listed
        ]

    def key(self) -> bytes:
        """The key of the hashes; made when the first person is forgotten."""
        path = self._folder / KEY_FILE
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = path.with_name(f".{KEY_FILE}")
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_hex(32), encoding="ascii")
            fsync_file(draft)
            draft.rename(path)
            fsync_directory(self._folder)
        return bytes.fromhex(path.read_text(encoding="ascii").strip())

    def of(self, customer_id: str) -> Request:
        """The request of a customer, or of the pseudonym that stands for one; a new one for whom it does not know."""
        hashed = keyed_hash(self.key(), customer_id)
        for each in self.requests:
            if hashed == each.customer or customer_id == each.pseudonym:
                return each
        number = f"F{len(self.requests) + 1}"
        # At random: nothing leads from it to the number, but this register and its key.
        return Request(number, hashed, f"forgotten-{secrets.token_hex(8)}", (), ())

    def write(
        self,
        path: Path,
        request: Request,
        traces: Iterable[str],
        *,
        at: datetime,
        reason: str | None,
        counts: Mapping[str, int],
    ) -> None:
        """Write the register with another act of `request` to the draft `path`."""
        hashes = {keyed_hash(self.key(), trace) for trace in traces} | set(request.traces)
        act = {"at": at.isoformat(), "reason": reason, "counts": dict(sorted(counts.items()))}
        done = replace(request, traces=tuple(sorted(hashes)), acts=(*request.acts, act))
        others = [each for each in self.requests if each.request != request.request]
        listed = sorted([*others, done], key=lambda each: int(each.request[1:]))
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"format": _FORMAT, "requests": [asdict(each) for each in listed]}, indent=1)
        path.write_text(text + "\n", encoding="utf-8")
        fsync_file(path)

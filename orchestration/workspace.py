"""Where a company's run-time files are: one folder per company, so that companies never mix."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PROFILES_DIR = Path(__file__).parent / "profiles"


class UnknownProfileError(ValueError):
    """A profile that is neither a shipped name nor an existing file."""


@dataclass(frozen=True)
class Workspace:
    """The folder of one company and the places in it."""

    root: Path

    @property
    def sources(self) -> Path:
        """Source files of the sample company."""
        return self.root / "sources"

    @property
    def ingest_file(self) -> Path:
        """The landed feeds; grows; one writer."""
        return self.root / "ingest" / "ingest.duckdb"

    @property
    def archive_dir(self) -> Path:
        """What each landing changed, as Parquet: the ingest file can be rebuilt from it."""
        return self.root / "archive"

    def restated(self, known_at: datetime) -> Workspace:
        """The workspace of what was known at an instant, apart from the live one."""
        return Workspace(self.root / "restated" / f"{known_at.astimezone(UTC):%Y%m%dT%H%M%SZ}")

    @property
    def forgotten_dir(self) -> Path:
        """Who was forgotten, by keyed hashes, and their key."""
        return self.root / "forgotten"

    @property
    def builds_dir(self) -> Path:
        """One private folder per build."""
        return self.root / "build"

    @property
    def published_dir(self) -> Path:
        """Published versions and the link to the one that is served."""
        return self.root / "published"

    @property
    def current(self) -> Path:
        """The link that readers open."""
        return self.published_dir / "current.duckdb"

    @property
    def data_docs_dir(self) -> Path:
        """What the gates of each build found, as pages: one folder per build."""
        return self.root / "data_docs"

    @property
    def board_packs_dir(self) -> Path:
        """The report as a printed document: one for each period and language."""
        return self.root / "board_packs"

    @property
    def lock_file(self) -> Path:
        """Held for the whole of a build."""
        return self.root / "build.lock"

    @property
    def logs_dir(self) -> Path:
        """One structured log per build."""
        return self.root / "logs"

    @property
    def alert_ledger(self) -> Path:
        """Which alerts were raised, and which still wait for their delivery."""
        return self.root / "alerts.json"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own storage of runs and events."""
        return self.root / "dagster"


def find_profile(profile: str) -> Path:
    """Return the file of a profile given by name or by path; UnknownProfileError says what there is."""
    shipped = PROFILES_DIR / f"{profile}.yml"
    if shipped.is_file():
        return shipped
    path = Path(profile)
    if path.is_file():
        return path.resolve()
    names = ", ".join(sorted(p.stem for p in PROFILES_DIR.glob("*.yml")))
    raise UnknownProfileError(
        f"profile {profile!r} is neither a shipped profile ({names}) nor an existing file; looked for {path.resolve()}"
    )


def workspace_for(profile_file: Path, data_dir: Path) -> Workspace:
    """The workspace of the company whose profile is `profile_file`: data_dir / the file's name without ending."""
    return Workspace(data_dir / profile_file.stem)

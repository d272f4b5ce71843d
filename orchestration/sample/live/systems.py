"""The sample company's three systems, started, filled and stopped; and what a build must know to read them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from orchestration.sample.live.call_database import CallCentre, load_calls
from orchestration.sample.live.crm_database import Crm, load_crm
from orchestration.sample.live.survey_server import CLIENT_ID, SurveyServer, survey_server
from orchestration.sample.servers import mariadb_server, postgres_server


@dataclass(frozen=True)
class Systems:
    """The running systems."""

    crm: Crm
    calls: CallCentre
    surveys: SurveyServer

    @property
    def environment(self) -> dict[str, str]:
        """The variables that profile `live` asks for."""
        return {
            "LIVE_CRM_URL": self.crm.reader_url,
            "LIVE_CALLS_URL": self.calls.reader_url,
            "LIVE_SURVEYS_URL": self.surveys.url,
            "LIVE_SURVEYS_CLIENT": CLIENT_ID,
            "LIVE_SURVEYS_SECRET": self.surveys.secret,
        }


@contextmanager
def running_systems(sources: Path, logs: Path) -> Iterator[Systems]:
    """Run the systems with the data of the sample's `sources`; they write their logs to the folder `logs`."""
    with ExitStack() as stack:
        postgres = stack.enter_context(postgres_server(logs))
        mariadb = stack.enter_context(mariadb_server(logs))
        surveys = stack.enter_context(survey_server(logs, sources))
        yield Systems(load_crm(postgres, sources / "crm.sqlite"), load_calls(mariadb, sources), surveys)

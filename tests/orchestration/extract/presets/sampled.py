"""The samples of the presets: a small export in each vendor's own format, and a desk that lands one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.extract.landing import FeedResult
from orchestration.extract.presets import list_presets
from tests.orchestration.extract.conftest import Desk

SAMPLES_DIR = Path(__file__).parent / "samples"


@dataclass(frozen=True)
class Sample:
    """A sample file, and what a binding has to say with its preset."""

    file: str
    parameters: str = ""


SURVEY = 'with: {survey: "105723396", question: '

SAMPLES = {
    "amazon_connect/contact_records": Sample("amazon_connect_contact_records.ndjson"),
    "asterisk/cdr": Sample("asterisk_Master.csv", "with: {trunk: PJSIP/provider}"),
    "freshdesk/tickets": Sample("freshdesk_tickets.ndjson"),
    "hotline_400/calls": Sample("hotline_400_calls.csv"),
    "jira/issues": Sample("jira_issues.ndjson"),
    "qualtrics/csat": Sample("qualtrics.csv", "with: {question: Q2}"),
    "qualtrics/nps": Sample("qualtrics.csv", "with: {question: Q1}"),
    "salesforce/case_history": Sample("salesforce_case_history.csv"),
    "salesforce/cases": Sample("salesforce_cases.csv"),
    "servicenow/incident_log": Sample("servicenow_incident_event_log.csv"),
    "servicenow/incident_log_events": Sample("servicenow_incident_event_log.csv"),
    "servicenow/incidents": Sample("servicenow_incidents.ndjson"),
    "servicenow/sys_audit": Sample("servicenow_sys_audit.ndjson"),
    "surveymonkey/csat": Sample("surveymonkey_responses.ndjson", f'{SURVEY}"319352786"}}'),
    "surveymonkey/nps": Sample("surveymonkey_responses.ndjson", f'{SURVEY}"319352787"}}'),
    "twilio/calls": Sample("twilio_calls.ndjson", "with: {account: AC00000000000000000000000000000001}"),
    "zendesk/metric_events": Sample("zendesk_metric_events.ndjson"),
    "zendesk/satisfaction_ratings": Sample("zendesk_satisfaction_ratings.ndjson"),
    "zendesk/tickets": Sample("zendesk_tickets.ndjson"),
}


def feed_of(preset: str) -> str:
    """The feed that `preset` fills."""
    return {info.id: info.feed for info in list_presets()}[preset]


def feeds_of(preset: str, *lines: str) -> str:
    """Write the feeds of a profile with one binding to `preset`."""
    said = [*lines, f"preset: {preset}", SAMPLES[preset].parameters]
    binding = "".join(f"      {line}\n" for line in said if line)
    return f"  {feed_of(preset)}:\n    -{binding[5:]}"


def land_sample(desk: Desk, preset: str, *more: str) -> FeedResult:
    """Land the sample of `preset`; `more` are lines of the binding."""
    sample = SAMPLES[preset]
    desk.drop(sample.file, (SAMPLES_DIR / sample.file).read_bytes())
    desk.feeds = feeds_of(preset, "source: drops", f"path: {sample.file}", *more)
    return desk.land(feed_of(preset))


def rows(desk: Desk, preset: str, columns: str) -> list[tuple[Any, ...]]:
    """The landed `columns` of the preset's feed as text, in order of the export."""
    texts = f"select cast(columns(*) as varchar) from (select _line, {columns} from raw.{feed_of(preset)}) as listed"
    return [row[1:] for row in desk.query(f"{texts} order by cast(_line as bigint)")]

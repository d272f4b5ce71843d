"""A preset fills the binding that names it, what the profile says wins, and mistakes name both."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.extract.contract import read_contract
from orchestration.extract.presets import library
from orchestration.extract.profile import ProfileError, load_profile
from orchestration.extract.profile_model import Binding, Profile

HEAD = """\
name: desk
title: {en: Desk, zh: 服务台}
time_zone: Asia/Shanghai
currency: CNY
sources:
  helpdesk: {connector: files, root: drops}
  service: {connector: rest, url: "https://example.invalid"}
  warehouse: {connector: sql, url: "sqlite:///x"}
feeds:
"""
# Lines of the profile: feeds 9, the feed 10, source 11, path 12, preset 13.
TICKETS = """\
  tickets:
    - source: helpdesk
      path: "tickets*.ndjson"
      preset: zendesk/tickets
"""


def load(tmp_path: Path, feeds: str) -> Profile:
    path = tmp_path / "desk.yml"
    path.write_text(HEAD + feeds, encoding="utf-8")
    return load_profile(path, {}, profile_data=tmp_path)


def binding(tmp_path: Path, feeds: str) -> Binding:
    ((only,),) = load(tmp_path, feeds).feeds.values()
    return only


def mistakes(tmp_path: Path, feeds: str) -> list[str]:
    with pytest.raises(ProfileError) as caught:
        load(tmp_path, feeds)
    return list(caught.value.mistakes)


def test_a_preset_fills_what_the_profile_leaves_out(tmp_path: Path) -> None:
    found = binding(tmp_path, TICKETS)
    assert (found.preset, found.path, found.format) == ("zendesk/tickets", "tickets*.ndjson", "ndjson")
    assert found.deleted == "status = 'deleted'"
    assert found.columns["customer_id"].expr == "requester_id"
    assert found.columns["status"].values == {"pending": "waiting_customer", "hold": "on_hold", "solved": "resolved"}
    assert set(found.column_lines.values()) == {13}


def test_the_profile_wins_column_by_column(tmp_path: Path) -> None:
    found = binding(
        tmp_path,
        TICKETS
        + """\
      format: json
      deleted: "id = '0'"
      columns:
        ticket_id: "'Z' || id"
        complexity: "'simple'"
        created_at: {expr: made, format: "%d/%m/%Y"}
""",
    )
    assert (found.format, found.deleted) == ("json", "id = '0'")
    assert found.columns["ticket_id"].expr == "'Z' || id"
    assert found.columns["complexity"].expr == "'simple'"
    assert (found.columns["created_at"].expr, found.columns["created_at"].format) == ("made", "%d/%m/%Y")
    assert found.columns["updated_at"].expr == "updated_at"
    assert (found.column_lines["ticket_id"], found.column_lines["updated_at"]) == (17, 13)


def test_a_column_without_an_expression_adds_to_that_of_the_preset(tmp_path: Path) -> None:
    found = binding(
        tmp_path,
        TICKETS
        + """\
      columns:
        status: {values: {hold: waiting_parts, "待回访": resolved}}
        created_at: {format: "%d/%m/%Y", time_zone: UTC}
        priority: {values: {P1: urgent}}
""",
    )
    status, created, priority = (found.columns[name] for name in ("status", "created_at", "priority"))
    assert "closed_by_merge" in status.expr
    assert status.values == {
        "pending": "waiting_customer",
        "hold": "waiting_parts",
        "solved": "resolved",
        "待回访": "resolved",
    }
    assert (created.expr, created.format, created.time_zone) == ("created_at", "%d/%m/%Y", "UTC")
    assert (priority.expr, priority.values) == ("priority", {"P1": "urgent"})


def test_columns_that_are_begun_and_left_empty_are_those_of_the_preset(tmp_path: Path) -> None:
    assert binding(tmp_path, TICKETS + "      columns:\n").columns["ticket_id"].expr == "id"


def test_both_conditions_hold(tmp_path: Path) -> None:
    text = TICKETS.replace("tickets:", "survey_answers:").replace("zendesk/tickets", "zendesk/satisfaction_ratings")
    found = binding(tmp_path, text + "      where: \"group_id = '4' or false -- ours\"\n")
    assert found.where == "(score not in ('offered', 'unoffered')\n) and (group_id = '4' or false -- ours\n)"


def test_windows_and_parameters_are_merged_by_name(tmp_path: Path) -> None:
    found = binding(
        tmp_path,
        """\
  ticket_events:
    - source: service
      preset: zendesk/metric_events
      params: {"page[size]": "50", extra: x}
      windows: {mine: order by id}
""",
    )
    assert found.params == {"start_time": "0", "page[size]": "50", "extra": "x"}
    assert set(found.windows) == {"mine", "moment", "clock"}


def test_hints_are_for_their_connector_only(tmp_path: Path) -> None:
    service = binding(tmp_path, "  tickets: [{source: service, preset: freshdesk/tickets}]\n")
    assert (service.endpoint, service.format, service.path) == ("api/v2/tickets", None, None)
    assert service.paginate is not None
    assert service.paginate.kind == "link_header"
    table = binding(tmp_path, "  tickets: [{source: warehouse, table: t, preset: freshdesk/tickets}]\n")
    assert (table.endpoint, table.format, table.cursor) == (None, None, None)
    assert table.columns["ticket_id"].expr == "id"


def test_parameters_are_filled_in(tmp_path: Path) -> None:
    text = """\
  survey_answers:
    - source: helpdesk
      path: survey.csv
      preset: qualtrics/nps
      with: {question: "Q7 总体"}
"""
    found = binding(tmp_path, text)
    assert found.columns["raw_score"].expr == '"Q7 总体"'
    assert found.columns["answer_id"].expr == "ResponseId || '-Q7 总体'"
    assert (found.columns["scale_min"].expr, found.columns["scale_max"].expr) == ("0", "10")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "preset: zendesk/tickets",
            "preset: zendesk/ticket",
            "desk.yml:13: feeds.tickets.1.preset: there is no preset 'zendesk/ticket'; did you mean zendesk/tickets?",
        ),
        ("preset: zendesk/tickets", "preset: otrs", "desk.yml:13: feeds.tickets.1.preset: there is no preset 'otrs'"),
        ("preset: zendesk/tickets", "preset:", "desk.yml:13: feeds.tickets.1.preset: there is no preset None"),
        (
            "preset: zendesk/tickets",
            "preset: zendesk/metric_events",
            "desk.yml:13: feeds.tickets.1.preset: preset zendesk/metric_events fills the feed ticket_events, not tick",
        ),
        (
            "preset: zendesk/tickets",
            "preset: zendesk/tickets\n      with: {question: Q1}",
            "desk.yml:14: feeds.tickets.1.with.question: preset zendesk/tickets has no such parameter; there are none",
        ),
        (
            "preset: zendesk/tickets",
            "with: {question: Q1}",
            "desk.yml:13: feeds.tickets.1.with: belongs to a preset; name one with `preset:`",
        ),
        (
            "preset: zendesk/tickets",
            "preset: zendesk/tickets\n      columns: {colour: red}",
            "desk.yml:14: feeds.tickets.1.columns.colour: the feed has no such column",
        ),
        (
            "preset: zendesk/tickets",
            "preset: zendesk/tickets\n      columns: {status: {valeus: {a: b}}}",
            "desk.yml:14: feeds.tickets.1.columns.status.valeus: unknown key; did you mean values?",
        ),
    ],
)
def test_a_mistake_about_a_preset_is_named_with_its_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in TICKETS
    found = mistakes(tmp_path, TICKETS.replace(old, new, 1))
    assert any(mistake.startswith(expected) for mistake in found), found


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", "desk.yml:13: feeds.survey_answers.1.preset: preset qualtrics/csat needs to know question, the column of"),
        ("      with:\n", "desk.yml:13: feeds.survey_answers.1.preset: preset qualtrics/csat needs to know question"),
        (
            "      with: {question: Q1, quesion: Q2}\n",
            "desk.yml:14: feeds.survey_answers.1.with.quesion: preset qualtrics/csat has no such parameter; did you me",
        ),
        (
            "      with: {question: 'Q\"1'}\n",
            "desk.yml:14: feeds.survey_answers.1.with.question: expected a text without quotes",
        ),
        (
            "      with: {question: ''}\n",
            "desk.yml:14: feeds.survey_answers.1.with.question: expected a text without quotes",
        ),
        (
            "      with: {question: [Q1]}\n",
            "desk.yml:14: feeds.survey_answers.1.with.question: expected a text without quotes",
        ),
    ],
)
def test_a_preset_says_what_it_needs_to_know(tmp_path: Path, given: str, expected: str) -> None:
    text = TICKETS.replace("tickets:", "survey_answers:").replace("zendesk/tickets", "qualtrics/csat")
    found = mistakes(tmp_path, text + given)
    assert any(mistake.startswith(expected) for mistake in found), found


def test_a_mistake_inside_a_preset_stands_at_the_line_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    presets = tmp_path / "presets"
    presets.mkdir()
    (presets / "acme.yml").write_text(
        """\
title: Acme
presets:
  tickets:
    title: tickets
    feed: tickets
    how: by hand
    binding: {columns: {tiket_id: id, status: {expr: s, fromat: x}}, overflow: perhaps}
""",
        encoding="utf-8",
    )
    monkeypatch.setattr(library, "PRESETS_DIR", presets)
    library.list_presets.cache_clear()
    try:
        found = mistakes(tmp_path, TICKETS.replace("zendesk", "acme") + "      columns: {status: {values: {a: new}}}\n")
    finally:
        library.list_presets.cache_clear()
    for expected in (
        "desk.yml:13: feeds.tickets.1.columns.tiket_id: the feed has no such column; did you mean ticket_id? (from "
        "preset acme/tickets)",
        "desk.yml:13: feeds.tickets.1.overflow: found 'perhaps': Input should be a valid boolean, unable to interpret "
        "input (from preset acme/tickets)",
        "desk.yml:13: feeds.tickets.1.columns.status.fromat: unknown key; did you mean format? (from preset acme/ticke"
        "ts)",
    ):
        assert expected in found, found


def test_a_preset_is_part_of_both_fingerprints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = read_contract()["tickets"]

    def fingerprints(feeds: str) -> tuple[str, str]:
        profile = load(tmp_path, feeds)
        return profile.fingerprint, profile.binding_fingerprint(profile.feeds["tickets"][0], feed)

    before = fingerprints(TICKETS)
    assert fingerprints(TICKETS) == before

    presets = tmp_path / "presets"
    presets.mkdir()
    text = (library.PRESETS_DIR / "zendesk.yml").read_text(encoding="utf-8")
    assert text.count("hold: on_hold") == 1
    (presets / "zendesk.yml").write_text(text.replace("hold: on_hold", "hold: waiting_parts"), encoding="utf-8")
    monkeypatch.setattr(library, "PRESETS_DIR", presets)
    after = fingerprints(TICKETS)
    assert after[0] != before[0]
    assert after[1] != before[1]

    # The same mapping lands the same, whether a preset said it or the profile.
    written_out = load(tmp_path, TICKETS).feeds["tickets"][0]
    profile = load(tmp_path, TICKETS)
    assert profile.binding_fingerprint(written_out.model_copy(update={"preset": None}), feed) == after[1]

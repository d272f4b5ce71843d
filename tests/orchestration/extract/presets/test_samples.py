"""Each preset lands its sample, a small hand-made export in the vendor's own format, as the right rows."""

from __future__ import annotations

import pytest

from orchestration.extract.landing import FeedResult
from orchestration.extract.presets import list_presets
from tests.orchestration.extract.conftest import Desk
from tests.orchestration.extract.presets.sampled import SAMPLES, SAMPLES_DIR, feeds_of, land_sample, rows

NONE = None


def outcomes(result: FeedResult) -> dict[str, int]:
    counts = {name: getattr(result, name) for name in ("inserted", "superseded", "filtered", "rejected")}
    return {name: count for name, count in counts.items() if count}


def reasons(desk: Desk) -> list[tuple[int, str]]:
    return desk.query("select line, unnest(reasons) from raw.rejects order by all")


def test_every_preset_has_a_sample() -> None:
    assert sorted(SAMPLES) == [info.id for info in list_presets()]


def test_zendesk_tickets(desk: Desk) -> None:
    result = land_sample(desk, "zendesk/tickets")
    # The deleted ticket counts as filtered, its earlier version as superseded.
    assert outcomes(result) == {"inserted": 5, "superseded": 2, "filtered": 1, "rejected": 1}
    assert rows(
        desk, "zendesk/tickets", "ticket_id, status, priority, channel, site_id, technician_id, customer_id"
    ) == [
        ("35436", "new", NONE, "web", NONE, NONE, "20978392"),
        ("35437", "waiting_customer", "urgent", "email", "98738", "235323", "20978392"),
        ("35439", "merged", "normal", "chat", "98738", "235323", "20978392"),
        ("35438", "closed", "low", "phone", "98739", "235323", "20978392"),
        ("35440", "on_hold", "high", "other", "98738", "235323", "20978392"),
    ]
    assert rows(
        desk, "zendesk/tickets", "created_at, first_response_at, resolved_at, closed_at, updated_at, version_number"
    ) == [
        ("2026-07-01 08:30:00", NONE, NONE, NONE, "2026-07-01 08:30:00", "1782894600"),
        ("2026-06-30 23:59:59", "2026-07-01 01:00:59", NONE, NONE, "2026-07-01 02:00:00", "1782871200"),
        (
            "2026-06-02 01:00:00",
            NONE,
            "2026-06-02 02:00:00",
            "2026-06-02 02:00:00",
            "2026-06-02 02:00:00",
            "1780365600",
        ),
        (
            "2026-06-01 01:00:00",
            "2026-06-01 01:00:00",
            "2026-06-16 03:59:00",
            "2026-06-20 04:00:00",
            "2026-06-20 04:00:00",
            "1782000000",
        ),
        ("2026-06-03 01:00:00", "2026-06-03 01:10:00", NONE, NONE, "2026-06-03 02:00:00", "1780452000"),
    ]
    assert rows(desk, "zendesk/tickets", "symptom, issue_family, reopen_count, agent_reply_count")[:4] == [
        ("空调不制冷", NONE, "0", "0"),
        ('Leaking "washer"', "incident", "0", "1"),
        ("Duplicate", "incident", "0", "0"),
        ("退款", "incident", "2", "5"),
    ]
    assert reasons(desk) == [
        (7, "channel: found 'carrier_pigeon', allowed are phone, email, web, chat, social, app, walk_in, other")
    ]


def test_zendesk_metric_events(desk: Desk) -> None:
    result = land_sample(desk, "zendesk/metric_events")
    assert outcomes(result) == {"inserted": 16, "filtered": 3}
    found = rows(desk, "zendesk/metric_events", "occurred_at, event_kind, status, author_kind, is_public, event_id")
    assert [row[:5] for row in found if row[1] != "updated"] == [
        ("2026-07-01 08:00:00", "created", "new", NONE, "true"),
        ("2026-07-01 08:20:30", "first_response", NONE, "agent", "true"),
        ("2026-07-01 08:20:30", "waiting", "waiting_customer", NONE, NONE),
        ("2026-07-01 09:00:00", "customer_reply", NONE, "customer", "true"),
        ("2026-07-01 09:00:00", "resumed", "open", NONE, NONE),
        ("2026-07-01 09:30:00", "waiting", "on_hold", NONE, NONE),
        ("2026-07-01 10:00:00", "resumed", "open", NONE, NONE),
        ("2026-07-01 10:10:00", "public_reply", NONE, "agent", "true"),
        ("2026-07-01 10:10:00", "resolved", "resolved", NONE, NONE),
        ("2026-07-02 00:00:00", "reopened", "open", NONE, NONE),
    ]
    # Clocks that only follow another one say nothing of their own.
    assert [row[5] for row in found if row[1] == "updated"] == ["101", "103", "107", "110", "115", "117"]
    assert {row[2] for row in found if row[1] == "updated"} == {NONE}


def test_zendesk_satisfaction_ratings(desk: Desk) -> None:
    result = land_sample(desk, "zendesk/satisfaction_ratings")
    assert outcomes(result) == {"inserted": 2, "filtered": 2, "rejected": 1}
    assert rows(
        desk, "zendesk/satisfaction_ratings", "answer_id, ticket_id, technician_id, raw_score, scale_min, scale_max"
    ) == [
        ("62", "35438", "135", "3.000", "1.000", "3.000"),
        ("63", "35438", NONE, "1.000", "1.000", "3.000"),
    ]
    assert rows(desk, "zendesk/satisfaction_ratings", "question_kind, survey_kind, comment, answered_at") == [
        ("csat", "transactional", "师傅很专业!\n谢谢", "2026-07-02 10:32:59"),
        ("csat", "transactional", NONE, "2026-07-01 22:59:00"),
    ]
    assert reasons(desk) == [(5, "raw_score: found 'superb', expected a number (decimal(9,3))")]


def test_servicenow_incidents(desk: Desk) -> None:
    result = land_sample(desk, "servicenow/incidents")
    assert outcomes(result) == {"inserted": 5, "rejected": 1}
    numbers = [f"{number:032x}" for number in range(1, 6)]
    assert [row[0] for row in rows(desk, "servicenow/incidents", "ticket_id")] == numbers
    assert rows(
        desk, "servicenow/incidents", "status, priority, channel, source_resolution_sla, version_number, reopen_count"
    ) == [
        ("new", "low", "web", "met", "4", "0"),
        ("waiting_customer", "urgent", "email", "met", "4", "0"),
        ("on_hold", "high", "chat", "met", "4", "0"),
        ("closed", "normal", "walk_in", "breached", "12", "1"),
        ("cancelled", "normal", NONE, "met", "4", "0"),
    ]
    # UTC, although the source's zone is Shanghai.
    assert rows(desk, "servicenow/incidents", "created_at, resolved_at, closed_at, technician_id")[2:4] == [
        ("2026-07-01 08:30:00", NONE, NONE, "681ccaf9c0a8016400b98a06818d57c7"),
        ("2026-07-01 08:30:00", "2026-07-02 00:00:00", "2026-07-09 00:00:00", "681ccaf9c0a8016400b98a06818d57c7"),
    ]
    assert [line for line, _ in reasons(desk)] == [6]


def test_servicenow_sys_audit(desk: Desk) -> None:
    result = land_sample(desk, "servicenow/sys_audit")
    # Another table's change, and the twin of a change of state.
    assert outcomes(result) == {"inserted": 11, "filtered": 2}
    assert rows(desk, "servicenow/sys_audit", "occurred_at, event_kind, status, priority, author_id") == [
        ("2026-07-01 08:31:00", "assigned", NONE, NONE, "beth.anglin"),
        ("2026-07-01 08:31:00", "accepted", "open", NONE, "beth.anglin"),
        ("2026-07-01 08:40:00", "priority_changed", NONE, "urgent", "beth.anglin"),
        ("2026-07-01 08:41:00", "internal_note", NONE, NONE, "beth.anglin"),
        ("2026-07-01 08:50:00", "waiting", "on_hold", NONE, "beth.anglin"),
        ("2026-07-01 10:50:00", "resumed", "open", NONE, "beth.anglin"),
        ("2026-07-01 15:59:59", "resolved", "resolved", NONE, "beth.anglin"),
        ("2026-07-01 16:00:00", "reopened", "open", NONE, "system"),
        ("2026-07-02 00:00:00", "resolved", "resolved", NONE, "beth.anglin"),
        ("2026-07-09 00:00:00", "closed", "closed", NONE, "system"),
        ("2026-07-01 08:32:00", "assigned", NONE, NONE, "beth.anglin"),
    ]
    found = rows(desk, "servicenow/sys_audit", "technician_id, site_id, is_public")
    assert (found[0], found[3], found[10]) == (
        ("681ccaf9c0a8016400b98a06818d57c7", NONE, NONE),
        (NONE, NONE, "false"),
        (NONE, "8a4dde73c6112278017a6a4baf547aa7", NONE),
    )


def test_servicenow_incident_log(desk: Desk) -> None:
    result = land_sample(desk, "servicenow/incident_log")
    assert outcomes(result) == {"inserted": 2, "superseded": 7, "rejected": 1}
    assert rows(
        desk, "servicenow/incident_log", "ticket_id, status, priority, channel, customer_id, site_id, technician_id"
    ) == [
        ("INC0000045", "closed", "urgent", "phone", "Caller 2403", "Group 56", "Resolver 11"),
        ("INC0000047", "open", "normal", "web", NONE, NONE, NONE),
    ]
    # The day comes first, and the clock is that of the source.
    assert rows(
        desk, "servicenow/incident_log", "created_at, resolved_at, closed_at, updated_at, source_resolution_sla"
    ) == [
        ("2016-02-28 17:16:00", "2016-03-03 02:00:00", "2016-03-05 04:00:00", "2016-03-05 04:00:00", "breached"),
        ("2016-02-28 17:16:00", NONE, NONE, "2016-02-29 20:57:00", "met"),
    ]
    assert [line for line, _ in reasons(desk)] == [11]


def test_servicenow_incident_log_events(desk: Desk) -> None:
    result = land_sample(desk, "servicenow/incident_log_events")
    assert outcomes(result) == {"inserted": 9, "rejected": 1}
    assert rows(desk, "servicenow/incident_log_events", "event_id, event_kind, status, priority, occurred_at") == [
        ("INC0000045-0-2", "created", "new", "normal", "2016-02-28 17:23:00"),
        ("INC0000045-1-3", "accepted", "open", "normal", "2016-02-28 18:05:00"),
        ("INC0000045-2-4", "priority_changed", "open", "urgent", "2016-02-28 18:30:00"),
        ("INC0000045-3-5", "waiting", "waiting_customer", "urgent", "2016-02-29 00:53:00"),
        ("INC0000045-4-6", "resumed", "open", "urgent", "2016-03-01 01:07:00"),
        ("INC0000045-5-7", "resolved", "resolved", "urgent", "2016-03-01 03:29:00"),
        ("INC0000045-6-8", "reopened", "open", "urgent", "2016-03-01 23:00:00"),
        ("INC0000045-8-9", "closed", "closed", "urgent", "2016-03-05 04:00:00"),
        ("INC0000047-1-10", "created", "open", "normal", "2016-02-29 20:57:00"),
    ]


def test_salesforce_cases(desk: Desk) -> None:
    result = land_sample(desk, "salesforce/cases")
    # The deleted case is filtered, the merged one is not.
    assert outcomes(result) == {"inserted": 4, "filtered": 1, "rejected": 1}
    assert rows(desk, "salesforce/cases", "ticket_id, status, priority, channel, merged_into_ticket_id") == [
        ("5005g00000AbC01AAA", "open", "high", "phone", NONE),
        ("5005g00000AbC02AAA", "new", "normal", "email", NONE),
        ("5005g00000AbC03AAA", "closed", "low", "web", NONE),
        ("5005g00000AbC04AAA", "merged", "low", "web", "5005g00000AbC03AAA"),
    ]
    assert rows(desk, "salesforce/cases", "customer_id, asset_id, site_id, technician_id, symptom")[:2] == [
        ("0015g00000AcMe1AAF", "02i5g000000Unit", NONE, "0055g000001XyZ1AAK", "洗衣机漏水\n客户很急"),
        ("0035g00000P2", NONE, "00G5g000000QueuEAA", NONE, 'Bill, "twice"'),
    ]
    assert rows(desk, "salesforce/cases", "created_at, closed_at, updated_at")[1:3] == [
        ("2026-07-01 23:59:59", NONE, "2026-07-02 00:00:00"),
        ("2026-06-01 00:00:00", "2026-06-03 00:00:00", "2026-06-03 00:00:01"),
    ]
    assert [line for line, _ in reasons(desk)] == [8]


def test_salesforce_case_history(desk: Desk) -> None:
    result = land_sample(desk, "salesforce/case_history")
    # The owner's name, and a change of a field that is no event.
    assert outcomes(result) == {"inserted": 11, "filtered": 2}
    user, queue = "0055g000001XyZ1AAK", "00G5g000000QueuEAA"
    assert rows(
        desk, "salesforce/case_history", "occurred_at, event_kind, status, priority, technician_id, site_id"
    ) == [
        ("2026-06-01 00:00:00", "created", NONE, NONE, NONE, NONE),
        ("2026-06-01 00:10:00", "assigned", NONE, NONE, user, NONE),
        ("2026-06-01 00:11:00", "accepted", "open", NONE, NONE, NONE),
        ("2026-06-01 00:12:00", "priority_changed", NONE, "high", NONE, NONE),
        ("2026-06-01 01:00:00", "waiting", "on_hold", NONE, NONE, NONE),
        ("2026-06-01 02:00:00", "resumed", "open", NONE, NONE, NONE),
        ("2026-06-02 00:00:00", "closed", "closed", NONE, NONE, NONE),
        ("2026-06-02 12:00:00", "reopened", "open", NONE, NONE, NONE),
        ("2026-06-02 12:00:00", "assigned", NONE, NONE, NONE, queue),
        ("2026-06-02 13:00:00", "accepted", NONE, NONE, user, NONE),
        ("2026-06-03 00:00:00", "closed", "closed", NONE, NONE, NONE),
    ]


def test_jira_issues(desk: Desk) -> None:
    result = land_sample(desk, "jira/issues")
    assert outcomes(result) == {"inserted": 4, "rejected": 1}
    assert rows(desk, "jira/issues", "ticket_id, status, priority, technician_id, symptom") == [
        ("HELP-1", "open", "urgent", NONE, "VPN 断开"),
        ("HELP-2", "waiting_customer", "normal", "5b109f2e9729b51b54dc274d", "VPN 断开"),
        ("HELP-3", "resolved", "low", "5b109f2e9729b51b54dc274d", 'Say "hi"\nplease'),
        ("HELP-4", "open", NONE, "5b109f2e9729b51b54dc274d", "VPN 断开"),
    ]
    assert rows(desk, "jira/issues", "created_at, resolved_at, updated_at") == [
        ("2026-07-01 08:30:00.123", NONE, "2026-07-01 08:30:00.123"),
        ("2026-06-30 16:30:00", NONE, "2026-07-02 02:00:00"),
        ("2026-06-01 09:00:00", "2026-06-02 09:00:00", "2026-06-02 09:00:01"),
        ("2026-06-01 16:00:00", NONE, "2026-06-03 16:00:00"),
    ]
    assert [line for line, _ in reasons(desk)] == [5]


def test_freshdesk_tickets(desk: Desk) -> None:
    result = land_sample(desk, "freshdesk/tickets")
    assert outcomes(result) == {"inserted": 4, "filtered": 1, "rejected": 1}
    assert rows(
        desk,
        "freshdesk/tickets",
        "ticket_id, status, priority, channel, source_first_response_sla, source_resolution_sla, technician_id",
    ) == [
        ("20", "open", "low", "web", NONE, NONE, NONE),
        ("21", "on_hold", "urgent", "phone", "met", NONE, "432"),
        ("22", "closed", "normal", "email", "breached", "breached", "432"),
        ("23", "resolved", "high", "chat", "met", "met", "432"),
    ]
    assert rows(desk, "freshdesk/tickets", "first_response_at, resolved_at, closed_at, first_response_due_at")[1:3] == [
        ("2026-07-01 08:45:00", NONE, NONE, "2026-07-02 08:30:00"),
        ("2026-07-03 08:00:00", "2026-07-05 00:00:00", "2026-07-07 00:00:00", "2026-07-02 08:30:00"),
    ]
    assert [line for line, _ in reasons(desk)] == [6]


def test_asterisk_cdr(desk: Desk) -> None:
    result = land_sample(desk, "asterisk/cdr", "columns: {customer_id: src, call_kind: dst || ' ' || amaflags}")
    # A call between two extensions.
    assert outcomes(result) == {"inserted": 7, "filtered": 1}
    assert rows(desk, "asterisk/cdr", "call_id, direction, outcome, agent_id, queue, talk_seconds") == [
        ("1782867600.17", "inbound", "answered", "101", NONE, "180.000"),
        ("1782868200.19", "inbound", "abandoned", NONE, "repair", NONE),
        ("1782921590.21", "inbound", "abandoned", "101", "repair", NONE),
        ("1782921590.21", "inbound", "answered", "102", "repair", NONE),
        ("1782871200.23", "outbound", "abandoned", "101", NONE, NONE),
        ("1782907200.27", "inbound", "voicemail", NONE, NONE, NONE),
        ("1782907500.28", "inbound", "phantom", "101", NONE, NONE),
    ]
    # The server's clock is that of Shanghai; the queue answered before an agent did.
    assert rows(desk, "asterisk/cdr", "offered_at, answered_at, ended_at")[:4] == [
        ("2026-07-01 01:00:00", "2026-07-01 01:00:12", "2026-07-01 01:03:12"),
        ("2026-07-01 01:10:00", NONE, "2026-07-01 01:12:01"),
        ("2026-07-01 15:59:50", NONE, "2026-07-01 16:00:05"),
        ("2026-07-01 16:00:05", NONE, "2026-07-01 16:02:00"),
    ]
    assert rows(desk, "asterisk/cdr", "customer_id, call_kind")[3:5] == [
        ("13700137000", "600 DOCUMENTATION"),
        ("101", "13600136000 DOCUMENTATION"),
    ]
    assert rows(desk, "asterisk/cdr", "call_leg_id")[1:3] == [
        ("1782868200.19-2026-07-01 09:10:00",),
        ("1782921590.21-2026-07-01 23:59:50-PJSIP/101-00000015",),
    ]


def test_amazon_connect_contact_records(desk: Desk) -> None:
    result = land_sample(desk, "amazon_connect/contact_records")
    # A chat and a call that never left the menu; the transferred leg is delivered twice.
    assert outcomes(result) == {"inserted": 5, "superseded": 1, "filtered": 2}
    assert rows(
        desk,
        "amazon_connect/contact_records",
        "substr(call_leg_id, 8, 1), substr(call_id, 8, 1), direction, outcome, agent_id, queue",
    ) == [
        ("1", "1", "inbound", "answered", "li.lei", "报修"),
        ("3", "3", "inbound", "abandoned", NONE, "报修"),
        ("5", "5", "outbound", "abandoned", "li.lei", NONE),
        ("6", "3", "outbound", "answered", "li.lei", "报修"),
        ("2", "1", "inbound", "answered", "han.mei", "VIP"),
    ]
    assert rows(
        desk, "amazon_connect/contact_records", "ivr_seconds, queue_seconds, talk_seconds, hold_seconds, wrap_seconds"
    ) == [
        ("40.000", "30.000", "125.000", "20.000", "45.000"),
        ("15.000", "61.000", NONE, NONE, NONE),
        (NONE, NONE, "0.000", "0.000", "5.000"),
        (NONE, "300.000", "90.000", "0.000", "10.000"),
        (NONE, "6.000", "60.000", "0.000", "15.000"),
    ]
    assert rows(desk, "amazon_connect/contact_records", "offered_at, answered_at, ended_at")[:4] == [
        ("2026-07-01 08:30:40", "2026-07-01 08:31:12", "2026-07-01 08:33:37"),
        ("2026-07-01 16:00:05", NONE, "2026-07-01 16:01:06"),
        ("2026-07-01 09:10:00", NONE, "2026-07-01 09:10:40"),
        ("2026-07-01 09:20:00", "2026-07-01 09:25:10", "2026-07-01 09:26:32"),
    ]


def test_twilio_calls(desk: Desk) -> None:
    result = land_sample(desk, "twilio/calls")
    # One still goes on.
    assert outcomes(result) == {"inserted": 7, "filtered": 1}
    assert rows(
        desk, "twilio/calls", "right(call_leg_id, 1), right(call_id, 1), direction, outcome, agent_id, talk_seconds"
    ) == [
        ("1", "1", "inbound", "abandoned", NONE, NONE),
        ("2", "1", "inbound", "abandoned", "li_lei", NONE),
        ("3", "1", "inbound", "answered", "han.mei", "250.000"),
        ("4", "4", "inbound", "abandoned", NONE, NONE),
        ("5", "5", "outbound", "answered", NONE, "50.000"),
        ("6", "6", "outbound", "voicemail", NONE, "20.000"),
        ("7", "7", "outbound", "phantom", NONE, NONE),
    ]
    assert rows(desk, "twilio/calls", "queue, queue_seconds, offered_at, answered_at, ended_at")[2:] == [
        (NONE, NONE, "2026-07-01 08:30:40", "2026-07-01 08:30:50", "2026-07-01 08:35:00"),
        ("+864001234567", NONE, "2026-07-01 23:59:50", NONE, "2026-07-02 00:00:20"),
        (NONE, NONE, "2026-07-02 01:00:10", "2026-07-02 01:00:20", "2026-07-02 01:01:10"),
        (NONE, NONE, "2026-07-02 01:10:00", "2026-07-02 01:10:10", "2026-07-02 01:10:30"),
        (NONE, NONE, "2026-07-01 08:29:58", NONE, "2026-07-02 01:20:00"),
    ]


def test_qualtrics_csat(desk: Desk) -> None:
    result = land_sample(
        desk, "qualtrics/csat", "columns: {ticket_id: TicketID, comment: Q3}", "where: coalesce(Q3, '') <> 'x'"
    )
    # Two header lines and a preview.
    assert outcomes(result) == {"inserted": 3, "filtered": 3, "rejected": 1}
    assert rows(desk, "qualtrics/csat", "answer_id, raw_score, ticket_id, customer_id, language, comment") == [
        ("R_5rYfeErcBsS3nsJ-Q2", "5.000", "T-1", "C-1", "zh", "很好,\n谢谢"),
        ("R_2-Q2", "1.000", NONE, NONE, "en", 'Too "slow"'),
        ("R_3-Q2", "4.000", "T-1", "C-1", "zh", NONE),
    ]
    assert rows(desk, "qualtrics/csat", "question_kind, scale_min, scale_max, answered_at") == [
        ("csat", "1.000", "5.000", "2026-07-01 08:21:01"),
        ("csat", "1.000", "5.000", "2026-07-01 15:30:00"),
        ("csat", "1.000", "5.000", "2026-07-01 16:10:00"),
    ]
    assert [reason for _, reason in reasons(desk)] == [
        "raw_score: found 'Very satisfied', expected a number (decimal(9,3))"
    ]


def test_qualtrics_nps(desk: Desk) -> None:
    result = land_sample(desk, "qualtrics/nps")
    # One answered the other question only.
    assert outcomes(result) == {"inserted": 3, "filtered": 4}
    assert rows(desk, "qualtrics/nps", "answer_id, question_kind, raw_score, scale_min, scale_max") == [
        ("R_5rYfeErcBsS3nsJ-Q1", "nps", "10.000", "0.000", "10.000"),
        ("R_2-Q1", "nps", "3.000", "0.000", "10.000"),
        ("R_4-Q1", "nps", "9.000", "0.000", "10.000"),
    ]


def test_surveymonkey_csat(desk: Desk) -> None:
    ticket = "columns: {ticket_id: \"json_extract_string(custom_variables, '$.ticket')\"}"
    result = land_sample(desk, "surveymonkey/csat", ticket)
    # One without this question, one who was turned away, and a choice without a weight.
    assert outcomes(result) == {"inserted": 2, "filtered": 2, "rejected": 1}
    assert rows(desk, "surveymonkey/csat", "answer_id, raw_score, invitation_id, ticket_id, answered_at") == [
        ("5007154325-319352786", "5.000", "4100001", "T-9", "2026-07-01 08:30:00"),
        ("5007154326-319352786", "2.000", NONE, "T-9", "2026-07-01 23:30:00"),
    ]
    assert reasons(desk) == [(4, "raw_score: found '3057839059', expected a number (decimal(9,3))")]
    assert set(rows(desk, "surveymonkey/csat", "question_kind, scale_min, scale_max, language")) == {
        ("csat", "1.000", "5.000", "zh")
    }


def test_surveymonkey_nps(desk: Desk) -> None:
    result = land_sample(desk, "surveymonkey/nps")
    assert outcomes(result) == {"inserted": 2, "filtered": 3}
    assert rows(desk, "surveymonkey/nps", "answer_id, question_kind, raw_score, scale_min, scale_max") == [
        ("5007154325-319352787", "nps", "9.000", "0.000", "10.000"),
        ("5007154327-319352787", "nps", "0.000", "0.000", "10.000"),
    ]


def test_hotline_400_calls(desk: Desk) -> None:
    result = land_sample(desk, "hotline_400/calls")
    assert outcomes(result) == {"inserted": 4, "rejected": 2}
    assert rows(desk, "hotline_400/calls", "call_id, outcome, queue, agent_id, queue_seconds, talk_seconds") == [
        ("20260701000001", "answered", "报修", "8001", "25.000", "300.000"),
        ("20260701000002", "abandoned", "咨询", NONE, "65.000", NONE),
        ("20260701000003", "answered", "报修", "8002", "10.000", "3725.000"),
        ("20260701000004", "voicemail", "报修", NONE, "40.000", NONE),
    ]
    assert rows(desk, "hotline_400/calls", "offered_at, answered_at, ended_at, direction") == [
        ("2026-07-01 01:00:00", "2026-07-01 01:00:25", "2026-07-01 01:05:25", "inbound"),
        ("2026-07-01 01:10:00", NONE, "2026-07-01 01:11:05", "inbound"),
        ("2026-07-01 15:58:00", "2026-07-01 15:58:10", "2026-07-01 17:00:15", "inbound"),
        ("2026-07-01 12:00:00", NONE, "2026-07-01 12:00:40", "inbound"),
    ]
    assert [reason for _, reason in reasons(desk)] == [
        "outcome: found '机器人接待', allowed are answered, abandoned, voicemail, phantom",
        "queue_seconds: found '三十秒', expected a number (decimal(18,3))",
    ]


def test_a_page_of_the_service_that_was_saved_as_it_is(desk: Desk) -> None:
    lines = (SAMPLES_DIR / "zendesk_satisfaction_ratings.ndjson").read_text(encoding="utf-8").splitlines()
    desk.drop("page1.json", f'{{"satisfaction_ratings": [{", ".join(lines)}], "next_page": null, "count": 5}}')
    desk.feeds = feeds_of("zendesk/satisfaction_ratings", "source: drops", "path: page1.json", "format: json")
    assert outcomes(desk.land("survey_answers")) == {"inserted": 2, "filtered": 2, "rejected": 1}
    assert rows(desk, "zendesk/satisfaction_ratings", "answer_id, raw_score, answered_at") == [
        ("62", "3.000", "2026-07-02 10:32:59"),
        ("63", "1.000", "2026-07-01 22:59:00"),
    ]


@pytest.mark.parametrize(
    ("preset", "column", "value", "meaning"),
    [
        ("jira/issues", "status", "等待配件", "waiting_parts"),
        ("freshdesk/tickets", "status", "6", "waiting_customer"),
        ("salesforce/cases", "status", "等待配件", "waiting_parts"),
        ("zendesk/tickets", "channel", "carrier_pigeon", "other"),
        ("hotline_400/calls", "outcome", "机器人接待", "phantom"),
        ("surveymonkey/csat", "raw_score", "3057839059", "4"),
    ],
)
def test_a_value_of_the_companys_own_is_a_reject_until_the_profile_says_what_it_means(
    desk: Desk, preset: str, column: str, value: str, meaning: str
) -> None:
    before = land_sample(desk, preset).rejected
    after = land_sample(desk, preset, f'columns: {{{column}: {{values: {{"{value}": {meaning}}}}}}}').rejected
    assert after == before - 1
    assert not any(value in reason for _, reason in reasons(desk))

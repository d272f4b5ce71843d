"""The `alerts` of a profile: what it may say, and what every mistake is told with."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration.extract.alert_models import EVENTS, EmailRoute, WebhookRoute
from orchestration.extract.profile import ProfileError, load_profile
from orchestration.extract.secret_texts import secrets_of

GOOD = """\
name: acme
title: {en: Acme, zh: 顶点}
time_zone: Asia/Shanghai
currency: CNY
alerts:
  language: zh
  kpis: [csat_top_box_share]
  restated_beyond: 0.1
  routes:
    ops:
      kind: email
      host: smtp.example.com
      user: warehouse
      password: "${SMTP_PASSWORD}"
      sender: warehouse@example.com
      to: [ops@example.com]
      events: [failed_gate, failed_build]
    chat:
      kind: webhook
      url: "${CHAT_URL}"
      headers: {Authorization: "Bearer ${CHAT_TOKEN}"}
      secret: "${CHAT_SECRET}"
"""
ENVIRONMENT = {
    "SMTP_PASSWORD": "canary-1-mail",
    "CHAT_URL": "https://chat.example.com/canary-2-url",
    "CHAT_TOKEN": "canary-3-token",
    "CHAT_SECRET": "canary-4-secret",
}


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "acme.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_routes_are_read_and_their_secrets_are_shown_nowhere(tmp_path: Path) -> None:
    profile = load_profile(write(tmp_path, GOOD), ENVIRONMENT, profile_data=tmp_path)
    ops, chat = profile.alerts.routes["ops"], profile.alerts.routes["chat"]
    assert isinstance(ops, EmailRoute)
    assert isinstance(chat, WebhookRoute)
    assert (ops.port_number, ops.tls, ops.events) == (587, "starttls", ("failed_gate", "failed_build"))
    assert chat.events == EVENTS
    assert (profile.alerts.language, profile.alerts.kpis, profile.alerts.restated_beyond) == (
        "zh", ("csat_top_box_share",), 0.1,
    )  # fmt: skip
    assert "canary" not in f"{profile!r} {profile!s} {profile.alerts}"
    assert "canary" not in secrets_of(profile, ENVIRONMENT).hide(" ".join(ENVIRONMENT.values()))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  language: zh", "  langage: zh", "acme.yml:6: alerts.langage: unknown key; did you mean language?"),
        ("restated_beyond: 0.1", "restated_beyond: -1", "acme.yml:8: alerts.restated_beyond: found '-1'"),
        (
            "kind: email",
            "kind: mail",
            "acme.yml:11: alerts.routes.ops.kind: found 'mail', expected one of email, webhook",
        ),
        ("kind: email", "port: 25", "acme.yml:10: alerts.routes.ops.kind: expected one of email, webhook"),
        ("      host: ", "      hosst: ", "acme.yml:12: alerts.routes.ops.hosst: unknown key; did you mean host?"),
        (
            "sender: warehouse@",
            "sender: warehouse",
            "acme.yml:15: alerts.routes.ops.sender: found 'warehouseexample.com'",
        ),
        ("[ops@example.com]", '["a@b.c, d@e.f"]', "acme.yml:16: alerts.routes.ops.to: expected an address"),
        ("[failed_gate, failed_build]", "[failed]", "acme.yml:17: alerts.routes.ops.events.1: found 'failed': Input"),
        ("      user: warehouse\n", "", "acme.yml:10: alerts.routes.ops.email: user and password belong together"),
        (
            "      host:",
            "      tls: none\n      host:",
            "acme.yml:10: alerts.routes.ops.email: a password would",
        ),
        (
            '"${CHAT_URL}"',
            '"chat.example.com"',
            "acme.yml:20: alerts.routes.chat.url: found 'chat.example.com': expected an",
        ),
        (
            "${CHAT_URL}",
            "${CHAT_ADDRESS}",
            "acme.yml:20: alerts.routes.chat.url: the environment variable CHAT_ADDRESS is",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(old: str, new: str, expected: str, tmp_path: Path) -> None:
    assert old in GOOD
    with pytest.raises(ProfileError) as caught:
        load_profile(write(tmp_path, GOOD.replace(old, new, 1)), ENVIRONMENT, profile_data=tmp_path)
    assert any(mistake.startswith(expected) for mistake in caught.value.mistakes), caught.value.mistakes
    assert "canary" not in str(caught.value)

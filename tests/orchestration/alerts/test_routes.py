"""An alert goes by real mail servers and webhooks, and what they do not take is told without a secret."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from pathlib import Path
from typing import Any

import pytest

from orchestration.alerts.ledger import Alert
from orchestration.alerts.routes import DeliveryError, deliver
from orchestration.extract.alert_models import EmailRoute, WebhookRoute
from tests.orchestration.alerts.servers import PASSWORD, REFUSED, USER, mail_server, webhook, write_certificate

ALERT = Alert(
    id="a1",
    event="late_feed",
    build_id="b1",
    raised_at="2026-07-01T02:00:00+00:00",
    subject="豪盛: late data: calls",
    text="calls: 没有新数据\n",
    items=[{"feed": "calls"}],
)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate that this process trusts."""
    path = write_certificate(tmp_path / "server.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


def mail(port: int, **more: Any) -> EmailRoute:
    route = {"kind": "email", "host": "127.0.0.1", "port": port, "sender": "w@example.com", "to": ["a@example.com"]}
    return EmailRoute.model_validate({**route, "user": USER, "password": PASSWORD, "timeout_seconds": 3, **more})


def hook_route(url: str, **more: Any) -> WebhookRoute:
    return WebhookRoute.model_validate({"kind": "webhook", "url": url, "timeout_seconds": 3, **more})


def test_mail_is_encrypted_and_logged_in(certificate: Path) -> None:
    with mail_server(certificate) as mailbox:
        assert deliver(ALERT, mail(mailbox.port), "acme") is None
    (message,) = mailbox.received
    assert mailbox.logins == [USER]
    assert message["Subject"] == ALERT.subject
    assert message["To"] == "a@example.com"
    assert message["Message-ID"] == "<a1@aftersales>"
    assert message["X-Aftersales-Alert-Id"] == "a1"
    assert message.get_content().splitlines() == ALERT.text.splitlines()


def test_mail_by_tls_from_the_first_byte(certificate: Path) -> None:
    with mail_server(certificate, "tls") as mailbox:
        deliver(ALERT, mail(mailbox.port, tls="tls", user=None, password=None), "acme")
    assert len(mailbox.received) == 1


def test_a_mail_server_that_nobody_vouches_for_gets_no_password(tmp_path: Path) -> None:
    with mail_server(write_certificate(tmp_path / "stranger.pem")) as mailbox:
        with pytest.raises(DeliveryError, match="CERTIFICATE_VERIFY_FAILED"):
            deliver(ALERT, mail(mailbox.port), "acme")
        assert (mailbox.logins, mailbox.received) == ([], [])


@pytest.mark.parametrize(
    ("more", "answer", "problem", "is_down"),
    [
        ({"password": "canary-wrong"}, None, "does not accept user and password", True),
        ({}, "451 come back later", "answered 451", True),
        ({}, "554 not this one", "answered 554", False),
        ({"to": [REFUSED]}, None, "refuses every recipient", False),
    ],
)
def test_what_a_mail_server_does_not_take_is_told(
    more: dict[str, Any], answer: str | None, problem: str, is_down: bool, certificate: Path
) -> None:
    with mail_server(certificate) as mailbox:
        mailbox.says.extend([answer] if answer else [])
        with pytest.raises(DeliveryError, match=problem) as caught:
            deliver(ALERT, mail(mailbox.port, **more), "acme")
    assert caught.value.is_down == is_down
    assert "canary" not in str(caught.value)
    assert mailbox.received == []


def test_a_recipient_who_is_refused_does_not_keep_it_from_the_others(certificate: Path) -> None:
    with mail_server(certificate) as mailbox:
        note = deliver(ALERT, mail(mailbox.port, to=[REFUSED, "b@example.com"]), "acme")
    assert note is not None
    assert note.endswith("refused 1 of 2 recipients")
    assert len(mailbox.received) == 1


def test_a_webhook_gets_json_with_its_signature() -> None:
    with webhook() as hook:
        route = hook_route(hook.url, **{"headers": {"X-Team": "service"}, "secret": "canary-sign"})
        deliver(ALERT, route, "acme")
    (headers,) = hook.headers
    assert json.loads(hook.bodies[0]) == {
        "id": "a1", "event": "late_feed", "company": "acme", "build_id": "b1", "raised_at": ALERT.raised_at,
        "subject": ALERT.subject, "text": ALERT.text, "items": [{"feed": "calls"}],
    }  # fmt: skip
    assert headers["X-Team"] == "service"
    assert headers["X-Aftersales-Alert-Id"] == "a1"
    expected = hmac.new(b"canary-sign", hook.bodies[0], hashlib.sha256).hexdigest()
    assert headers["X-Aftersales-Signature"] == f"sha256={expected}"


@pytest.mark.parametrize(
    ("answer", "problem", "is_down"),
    [
        (500, "answered 500", True),
        (429, "answered 429", True),
        (400, "answered 400", False),
        (302, "answered 302", False),
        (1.5, "no answer within 0.3 s", True),
    ],
)
def test_what_a_webhook_does_not_take_is_told(answer: float, problem: str, is_down: bool) -> None:
    with webhook() as hook:
        hook.says.append(answer)
        with pytest.raises(DeliveryError, match=problem) as caught:
            deliver(ALERT, hook_route(hook.url, timeout_seconds=0.3), "acme")
    assert caught.value.is_down == is_down
    assert "canary" not in str(caught.value)


def test_a_server_that_is_not_there_is_told_without_its_address_if_that_is_a_secret() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        port = taken.getsockname()[1]
        with pytest.raises(DeliveryError, match="cannot be reached") as caught:
            deliver(ALERT, hook_route(f"http://127.0.0.1:{port}/canary-7"), "acme")
        assert "canary" not in str(caught.value)
        with pytest.raises(DeliveryError, match=f"127.0.0.1:{port} cannot be reached"):
            deliver(ALERT, mail(port), "acme")

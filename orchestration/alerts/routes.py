"""Delivers one alert by one route: e-mail by SMTP, or a JSON object by HTTP POST."""

from __future__ import annotations

import hashlib
import hmac
import json
import smtplib
import ssl
from contextlib import ExitStack
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

import requests

from orchestration.alerts.ledger import Alert
from orchestration.extract.alert_models import EmailRoute, WebhookRoute

# What is meant by "later": a timeout of the request, too many of them.
_LATER_STATUS = frozenset({408, 425, 429})


class DeliveryError(Exception):
    """An alert that was not taken; says why, without secrets. `is_down`: no other one will be taken now, either."""

    def __init__(self, message: str, *, is_down: bool) -> None:
        super().__init__(message)
        self.is_down = is_down


def deliver(alert: Alert, route: EmailRoute | WebhookRoute, company: str) -> str | None:
    """Hand `alert` to the server of `route`; what it remarks. DeliveryError if it does not take the alert."""
    if isinstance(route, EmailRoute):
        return _send_mail(alert, route)
    _post(alert, route, company)
    return None


def _send_mail(alert: Alert, route: EmailRoute) -> str | None:
    message = EmailMessage()
    message["Subject"] = " ".join(alert.subject.split())
    message["From"] = route.sender
    message["To"] = ", ".join(route.to)
    message["Date"] = format_datetime(datetime.fromisoformat(alert.raised_at))
    message["Message-ID"] = f"<{alert.id}@aftersales>"
    message["X-Aftersales-Alert-Id"] = alert.id
    message["X-Aftersales-Event"] = alert.event
    # Answering machines leave it alone.
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(alert.text)
    where = f"{route.host}:{route.port_number}"
    try:
        with ExitStack() as stack:
            server = stack.enter_context(_connect(route))
            if route.tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if route.user is not None and route.password is not None:
                server.login(route.user, route.password.get_secret_value())
            refused = server.send_message(message)
    except smtplib.SMTPAuthenticationError as error:
        raise DeliveryError(f"{where} does not accept user and password ({error.smtp_code})", is_down=True) from None
    except smtplib.SMTPRecipientsRefused as error:
        codes = sorted({code for code, _ in error.recipients.values()})
        raise DeliveryError(f"{where} refuses every recipient ({codes})", is_down=False) from None
    except smtplib.SMTPResponseException as error:
        # 4xx passes; 5xx is about this message.
        is_down = error.smtp_code < 500
        raise DeliveryError(f"{where} answered {error.smtp_code} ({type(error).__name__})", is_down=is_down) from None
    except smtplib.SMTPException as error:
        raise DeliveryError(f"{where}: {type(error).__name__}: {error}", is_down=True) from None
    except OSError as error:
        raise DeliveryError(f"{where} cannot be reached: {error}", is_down=True) from None
    # It is on its way to the others: sent again, they would have it twice.
    return f"{where} refused {len(refused)} of {len(route.to)} recipients" if refused else None


def _connect(route: EmailRoute) -> smtplib.SMTP:
    if route.tls == "tls":
        return smtplib.SMTP_SSL(
            route.host, route.port_number, timeout=route.timeout_seconds, context=ssl.create_default_context()
        )
    return smtplib.SMTP(route.host, route.port_number, timeout=route.timeout_seconds)


def _post(alert: Alert, route: WebhookRoute, company: str) -> None:
    content = {
        "id": alert.id,
        "event": alert.event,
        "company": company,
        "build_id": alert.build_id,
        "raised_at": alert.raised_at,
        "subject": alert.subject,
        "text": alert.text,
        "items": alert.items,
    }
    body = json.dumps(content, ensure_ascii=False).encode()
    headers = {name: value.get_secret_value() for name, value in route.headers.items()}
    headers |= {"Content-Type": "application/json", "X-Aftersales-Alert-Id": alert.id}
    if route.secret is not None:
        digest = hmac.new(route.secret.get_secret_value().encode(), body, hashlib.sha256).hexdigest()
        headers["X-Aftersales-Signature"] = f"sha256={digest}"
    try:
        # A redirect would carry the headers elsewhere. The answer's body is of no interest, and may be endless.
        with requests.post(
            route.url.get_secret_value(),
            data=body,
            headers=headers,
            timeout=route.timeout_seconds,
            allow_redirects=False,
            stream=True,
        ) as answer:
            status = answer.status_code
    except requests.Timeout:
        raise DeliveryError(f"no answer within {route.timeout_seconds:g} s", is_down=True) from None
    except requests.RequestException as error:
        # Its message has the URL, which may be a secret.
        raise DeliveryError(f"the service cannot be reached ({type(error).__name__})", is_down=True) from None
    if not 200 <= status < 300:
        raise DeliveryError(f"the service answered {status}", is_down=status >= 500 or status in _LATER_STATUS)

"""Real servers for alerts to go to: mail with encryption and login, and a webhook; both remember what they got."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "warehouse", "canary-mail-8"
REFUSED = "nobody@example.com"


@dataclass
class Mailbox:
    """A mail server; `says` answers the next messages in place of 250, one each."""

    port: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    says: deque[str] = field(default_factory=deque)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address == REFUSED:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.says:
            return self.says.popleft()
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.received.append(message)
        return "250 OK"

    def check(self, _server: SMTP, _session: Any, _envelope: Any, _mechanism: str, found: LoginPassword) -> AuthResult:
        self.logins.append(found.login.decode())
        is_known = (found.login.decode(), found.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=is_known, handled=False)  # the server says the rest


class _AnyPort(Controller):
    """A controller that the system gives a free port."""

    @property
    def bound(self) -> int:
        assert self.server is not None
        port: int = self.server.sockets[0].getsockname()[1]
        return port

    def _trigger_server(self) -> None:
        # It knocks at its own door, where the original would use the port that it was told.
        socket.create_connection(("127.0.0.1", self.bound), 1.0).close()


@contextmanager
def mail_server(certificate: Path, tls: str = "starttls") -> Iterator[Mailbox]:
    """Serve mail on a free port. starttls and tls demand encryption; starttls a login, too."""
    mailbox = Mailbox()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    options: dict[str, Any] = {}
    if tls == "starttls":
        options = {"tls_context": context, "require_starttls": True, "auth_required": True}
        options["authenticator"] = mailbox.check
    controller = _AnyPort(
        mailbox, hostname="127.0.0.1", port=0, ssl_context=context if tls == "tls" else None, **options
    )
    controller.start()
    mailbox.port = controller.bound
    try:
        yield mailbox
    finally:
        controller.stop()


def write_certificate(path: Path) -> Path:
    """Write a key and a certificate for 127.0.0.1 that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


@dataclass
class Hook:
    """A webhook; `says` are the next answers: a status, or seconds until it says that it has taken the alert."""

    url: str = ""
    received: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    says: deque[int | float] = field(default_factory=deque)

    @property
    def events(self) -> list[str]:
        return [each["event"] for each in self.received]


@contextmanager
def webhook(port: int = 0) -> Iterator[Hook]:
    """Serve a webhook; what it refuses is not in `received`."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            said = hook.says.popleft() if hook.says else 200
            if said == 200 or isinstance(said, float):
                hook.bodies.append(body)
                hook.received.append(json.loads(body))
                hook.headers.append(dict(self.headers))
            if isinstance(said, float):
                time.sleep(said)
                said = 200
            self.send_response(said)
            if said == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    hook.url = f"http://127.0.0.1:{server.server_port}/hooks/canary-hook-5"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()

"""A small OpenID Connect provider for the tests: discovery, authorisation code with PKCE, signed tokens, logout.

python -m tests.app.oidc_provider CLIENT_ID CLIENT_SECRET REDIRECT_URI < people.json

`people` maps a name to the claims of its ID token; the sign-in page has a link for each. Prints its address when it is
up.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import secrets
import sys
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey


class Provider(ThreadingHTTPServer):
    """The provider with one registered client and its people."""

    def __init__(
        self, client_id: str, client_secret: str, redirect_uri: str, people: dict[str, dict[str, Any]]
    ) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.client_id, self.client_secret, self.redirect_uri = client_id, client_secret, redirect_uri
        self.people = people
        self.key = RSAKey.generate_key(2048, parameters={"kid": "key-1", "use": "sig", "alg": "RS256"})
        # What each code stands for, until it is used.
        self.codes: dict[str, dict[str, str]] = {}

    @property
    def issuer(self) -> str:
        """Address of the provider."""
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Provider

    def do_GET(self) -> None:
        """Discovery, keys, the sign-in page and logout."""
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        issuer = self.server.issuer
        if parts.path == "/.well-known/openid-configuration":
            self._json(
                {
                    "issuer": issuer,
                    "authorization_endpoint": f"{issuer}/authorize",
                    "token_endpoint": f"{issuer}/token",
                    "jwks_uri": f"{issuer}/jwks",
                    "end_session_endpoint": f"{issuer}/logout",
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["RS256"],
                    "code_challenge_methods_supported": ["S256"],
                }
            )
        elif parts.path == "/jwks":
            self._json({"keys": [self.server.key.as_dict(private=False)]})
        elif parts.path == "/authorize":
            self._authorize(asked)
        elif parts.path == "/logout":
            self._redirect(asked["post_logout_redirect_uri"])
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """The token for a code, to the client that proves itself."""
        asked = {
            name: values[0]
            for name, values in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()
        }
        grant = self.server.codes.pop(asked.get("code", ""), None)
        if self.path != "/token" or grant is None or not self._is_our_client(asked):
            self.send_error(HTTPStatus.UNAUTHORIZED)
            return
        challenge = base64.urlsafe_b64encode(hashlib.sha256(asked["code_verifier"].encode()).digest()).decode()
        if challenge.rstrip("=") != grant["code_challenge"] or asked["redirect_uri"] != self.server.redirect_uri:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        now = int(time.time())
        claims = {
            "iss": self.server.issuer,
            "aud": self.server.client_id,
            "sub": grant["user"],
            "iat": now,
            "exp": now + 300,
            "nonce": grant["nonce"],
        } | self.server.people[grant["user"]]
        token = jwt.encode({"alg": "RS256", "kid": "key-1"}, claims, self.server.key)
        self._json({"access_token": "unused", "token_type": "Bearer", "expires_in": 300, "id_token": token})

    def _authorize(self, asked: dict[str, str]) -> None:
        if asked["client_id"] != self.server.client_id or asked["redirect_uri"] != self.server.redirect_uri:
            self.send_error(HTTPStatus.BAD_REQUEST)
        elif asked.get("user") in self.server.people and asked["code_challenge_method"] == "S256":
            code = secrets.token_urlsafe()
            self.server.codes[code] = {name: asked[name] for name in ("user", "nonce", "code_challenge")}
            self._redirect(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")
        else:
            links = "".join(
                f'<p><a href="/authorize?{html.escape(urlencode(asked | {"user": user}))}">{html.escape(user)}</a></p>'
                for user in self.server.people
            )
            self._send(f"<h1>Choose an account</h1>{links}".encode(), "text/html; charset=utf-8")

    def _is_our_client(self, asked: dict[str, str]) -> bool:
        scheme, _, encoded = self.headers.get("Authorization", "").partition(" ")
        if scheme == "Basic":
            given = [unquote(part) for part in base64.b64decode(encoded).decode().split(":", 1)]
        else:
            given = [asked.get("client_id", ""), asked.get("client_secret", "")]
        return given == [self.server.client_id, self.server.client_secret]

    def _json(self, value: dict[str, Any]) -> None:
        self._send(json.dumps(value).encode(), "application/json")

    def _redirect(self, url: str) -> None:
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", url)
        self.end_headers()

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the requests carry codes."""


if __name__ == "__main__":
    provider = Provider(*sys.argv[1:4], people=json.load(sys.stdin))
    print(provider.issuer, flush=True)  # noqa: T201 - read by whoever started it
    provider.serve_forever()

"""How a service knows us: the profile's `auth` as dlt's authenticators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dlt.sources.helpers.rest_client.auth import (
    APIKeyAuth,
    BearerTokenAuth,
    HttpBasicAuth,
    OAuth2ClientCredentials,
)
from pendulum import DateTime
from requests import PreparedRequest, Response
from requests.auth import AuthBase

from orchestration.extract.connectors.rest_http import Answer, open_session
from orchestration.extract.connectors.rest_secrets import Secrets
from orchestration.extract.errors import SourceError
from orchestration.extract.source_models import ApiKeyAuth, BasicAuth, BearerAuth, OAuth2Auth, RestSource


def authenticator(source: RestSource, secrets: Secrets, progress: Callable[[str], None]) -> AuthBase:
    """Make the authenticator of `source`; tokens that it obtains become secrets too."""
    match source.auth:
        case BearerAuth(token=token):
            return BearerTokenAuth(token=token.get_secret_value())
        case BasicAuth(user=user, password=password):
            return HttpBasicAuth(username=user, password=password.get_secret_value())
        case ApiKeyAuth(key=key, name=name, location=location):
            return APIKeyAuth(name=name, api_key=key.get_secret_value(), location=location)
        case OAuth2Auth() as auth:
            credentials = _ClientCredentials(
                access_token_url=auth.token_url,
                client_id=auth.client_id,
                client_secret=auth.client_secret.get_secret_value(),
                access_token_request_data={**({"scope": auth.scope} if auth.scope else {}), **auth.params},
                session=open_session(source, auth.token_url, secrets, progress),
            )
            credentials.secrets = secrets
            return credentials
    return _NoAuth()


class _NoAuth(AuthBase):
    """Adds nothing: without any authenticator, requests would look for a password in the user's .netrc file."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return request


class _ClientCredentials(OAuth2ClientCredentials):
    """Renews its token when it expires, and once for a request that is refused: the service may have dropped it."""

    secrets: Secrets

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Put the token into `request`."""
        request = super().__call__(request)
        request.register_hook("response", self._renew)
        return request

    def _renew(self, response: Response, **arguments: Any) -> Response:  # noqa: ANN401 - those of the request, handed on
        if response.status_code != 401:
            return response
        self.obtain_token()
        again = response.request.copy()
        again.headers["Authorization"] = f"Bearer {self.access_token}"
        # Through the adapter alone: what it answers now is not renewed again.
        return response.connection.send(again, **arguments)

    def obtain_token(self) -> None:
        """Ask for a token; SourceError where what comes has none."""
        answer = self.session.post(self.access_token_url, **self.build_access_token_request())
        assert isinstance(answer, Answer)  # the only kind that our sessions give
        body = answer.json()
        found = body if isinstance(body, dict) else {}
        token, lifetime = found.get("access_token"), found.get("expires_in")
        if not isinstance(token, str) or not token:
            raise SourceError(f"the answer to {answer.name} has no access_token; check `token_url`. {answer.quoted}")
        self.secrets.add(token)
        self.access_token = token
        seconds = float(lifetime) if isinstance(lifetime, str) else self.default_token_expiration
        self.token_expiry = DateTime.now().add(seconds=seconds)

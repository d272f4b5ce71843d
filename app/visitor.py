"""Who is visiting, and whether the door opens: the claims of the login, held against the access file."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.access import AccessError, AccessRules, Role, access_of, read_access
from app.door import EVERYTHING, Limits
from app.saved_views import EVERYBODY, owner_of
from app.settings import Login

_LOG = logging.getLogger("aftersales.report")
# Clocks of two machines differ.
_CLOCK_TOLERANCE = timedelta(minutes=5)


class Refusal(StrEnum):
    """Why a visitor stays outside."""

    SIGNED_OUT = "signed_out"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    MISCONFIGURED = "misconfigured"


@dataclass(frozen=True)
class Visitor:
    """Somebody who may look: as whom, and at what. `role` is None in a report without login.

    owner: whose saved views these are; None where the login does not tell people apart.
    """

    name: str
    role: Role | None
    limits: Limits
    owner: str | None = None


ANYBODY = Visitor("", None, EVERYTHING, EVERYBODY)


def admit(login: Login | None, claims: Mapping[str, object]) -> Visitor | Refusal:
    """The visitor with these claims of the login, or why the door stays shut.

    Both are judged anew at each call, so that a change of the access file and the end of a login count at once.
    """
    if login is None:
        return ANYBODY
    if claims.get("is_logged_in") is not True:
        return Refusal.SIGNED_OUT
    try:
        rules = read_access(login.access)
    except AccessError as error:
        # Its lines name people: they are for whoever runs the report, not for its visitors.
        _LOG.error("nobody is let in: %s", error)
        return Refusal.MISCONFIGURED
    if not _is_fresh(claims, rules):
        return Refusal.EXPIRED
    access = access_of(claims, rules)
    if access is None:
        return Refusal.UNKNOWN
    return Visitor(name_of(claims), access.role, access.limits, owner_of(claims, login.cookie_secret))


def name_of(claims: Mapping[str, object]) -> str:
    """What to call the visitor: the e-mail address or, without one, the name or the provider's own number."""
    return str(claims.get("email") or claims.get("name") or claims.get("sub") or "")


def _is_fresh(claims: Mapping[str, object], rules: AccessRules) -> bool:
    """Whether the login is not too old; its cookie would last for a month."""
    issued = claims.get("iat")
    if not isinstance(issued, int | float):
        return False
    age = datetime.now(UTC) - datetime.fromtimestamp(issued, UTC)
    return -_CLOCK_TOLERANCE <= age < timedelta(hours=rules.session_hours)

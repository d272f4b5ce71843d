"""Who sees what: the access file, its mistakes with their lines, and what a visitor's claims are granted by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.door import EVERYTHING, Limits

Role = Literal["analyst", "executive", "site_manager"]
# Where several grants fit one visitor, the first of these counts.
ROLES: tuple[Role, ...] = ("analyst", "executive", "site_manager")
# Rows that are not of one site carry this code in the marts; as the name of a site it would grant the whole company.
_NO_SITE = "all"
_Place = tuple[str | int, ...]
_Plain = str | int | float | bool | None | list["_Plain"] | dict[str, "_Plain"]
_Text = Annotated[str, Field(min_length=1)]


class AccessError(ValueError):
    """The access file cannot be used; the message lists every mistake with its line."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Grant(_Strict):
    """One role for the people with one of these e-mail addresses, or with one of these values of a claim."""

    role: Role
    emails: tuple[_Text, ...] = ()
    claim: _Text | None = None
    values: tuple[_Text, ...] = ()
    sites: tuple[_Text, ...] = ()


class AccessRules(_Strict):
    """The access file.

    session_hours: how long a login counts; then the provider is asked again.
    accepts_unverified_email: whether an address counts that the provider does not call verified. Some providers say
    nothing about it; only where nobody can choose an address freely is that safe.
    """

    grants: tuple[Grant, ...]
    session_hours: Annotated[int, Field(ge=1, le=168)] = 12
    accepts_unverified_email: bool = False


@dataclass(frozen=True)
class Access:
    """What one visitor was granted."""

    role: Role
    limits: Limits


def read_access(path: Path) -> AccessRules:
    """Read the access file; AccessError lists every mistake with its line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise AccessError(f"the access file {path} cannot be read: {reason}; AFTERSALES_ACCESS is its path") from error
    return _rules(path.name, text)


def access_of(claims: Mapping[str, object], rules: AccessRules) -> Access | None:
    """What the visitor with these claims of the provider may see; None for somebody whom no grant names."""
    email = _email(claims, rules)
    fitting = [
        grant for grant in rules.grants if email in {_folded(one) for one in grant.emails} or _has_value(claims, grant)
    ]
    for role in ROLES:
        of_role = [grant for grant in fitting if grant.role == role]
        if of_role:
            return Access(role, _limits(role, of_role))
    return None


def _limits(role: Role, grants: list[Grant]) -> Limits:
    """Analysts see everything; executives the whole company, but no single person; site managers their sites."""
    if role == "analyst":
        return EVERYTHING
    if role == "executive":
        return Limits(sites=None, sees_people=False)
    return Limits(sites=tuple(sorted({site for grant in grants for site in grant.sites})), sees_people=True)


def _email(claims: Mapping[str, object], rules: AccessRules) -> str | None:
    email = claims.get("email")
    if not isinstance(email, str) or not email:
        return None
    # A provider where people enter any address they like would let them enter another's.
    if claims.get("email_verified") is not True and not rules.accepts_unverified_email:
        return None
    return _folded(email)


def _folded(email: str) -> str:
    return email.strip().casefold()


def _has_value(claims: Mapping[str, object], grant: Grant) -> bool:
    if grant.claim is None:
        return False
    value = claims.get(grant.claim)
    held = value if isinstance(value, list) else [value]
    return any(isinstance(one, str) and one in grant.values for one in held)


@lru_cache(maxsize=4)
def _rules(name: str, text: str) -> AccessRules:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise AccessError(f"{name}:{line}: {error.problem or 'this is no YAML'}") from error
    mistakes: list[tuple[int, str]] = []
    lines: dict[_Place, int] = {(): 1}
    value = None if node is None else _plain(node, (), lines, mistakes)
    rules = None
    try:
        rules = AccessRules.model_validate(_with_tuples(value))
    except ValidationError as error:
        mistakes += [(_line(lines, each["loc"]), _words(each["loc"], each["msg"])) for each in error.errors()]
    if rules is not None:
        mistakes += [(_line(lines, place), message) for place, message in _contradictions(rules)]
    if rules is None or mistakes:
        raise AccessError("\n".join(f"{name}:{line}: {message}" for line, message in sorted(mistakes)))
    return rules


def _plain(node: yaml.Node, place: _Place, lines: dict[_Place, int], mistakes: list[tuple[int, str]]) -> _Plain:
    """The value of a YAML node; where each part stands goes to `lines`."""
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, number), lines, mistakes) for number, item in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        scalar: _Plain = yaml.SafeLoader("").construct_object(node)
        return scalar
    values: dict[str, _Plain] = {}
    for key_node, value_node in node.value:
        key, line = str(key_node.value), key_node.start_mark.line + 1
        if key in values:
            mistakes.append((line, f"{key} stands here a second time"))
        lines[*place, key] = line
        values[key] = _plain(value_node, (*place, key), lines, mistakes)
    return values


def _with_tuples(value: _Plain) -> object:
    if isinstance(value, list):
        return tuple(_with_tuples(item) for item in value)
    return {key: _with_tuples(item) for key, item in value.items()} if isinstance(value, dict) else value


def _line(lines: dict[_Place, int], place: _Place) -> int:
    """The line of the innermost part of `place` that the file has."""
    return next(lines[place[:end]] for end in range(len(place), -1, -1) if place[:end] in lines)


def _words(place: _Place, message: str) -> str:
    where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
    return f"{where or 'the file'}: {message[:1].lower()}{message[1:]}"


def _contradictions(rules: AccessRules) -> Iterator[tuple[_Place, str]]:
    """What single values cannot show: who is meant, where a role needs sites, and who is granted twice."""
    if not rules.grants:
        yield ("grants",), "at least one grant is needed, else nobody is let in"
    seen: set[str] = set()
    for number, grant in enumerate(rules.grants):
        place: _Place = ("grants", number)
        if bool(grant.emails) == (grant.claim is not None):
            yield place, "a grant needs either emails, or claim and values"
        if (grant.claim is None) != (not grant.values):
            yield place, "claim and values need each other"
        if grant.role == "site_manager" and not grant.sites:
            yield place, "a site_manager needs sites"
        if grant.role != "site_manager" and grant.sites:
            yield (*place, "sites"), f"role {grant.role} sees the whole company: sites narrow a site_manager alone"
        if _NO_SITE in grant.sites:
            yield (*place, "sites"), f"'{_NO_SITE}' is no site: it marks the rows of the whole company"
        for index, email in enumerate(grant.emails):
            if "@" not in email:
                yield (*place, "emails", index), f"'{email}' is no e-mail address"
            if _folded(email) in seen:
                yield (*place, "emails", index), f"'{email}' has a grant already: one per address"
            seen.add(_folded(email))

"""`aftersales alerts`: whether the routes of the profile's alerts work."""

from __future__ import annotations

import uuid

import click

from orchestration.alerts.ledger import Alert
from orchestration.alerts.routes import DeliveryError, deliver
from orchestration.alerts.words import word
from orchestration.commands.failing import EXIT_MISUSED, Failed
from orchestration.extract.errors import ProfileError
from orchestration.extract.profile import load_profile
from orchestration.extract.secret_texts import secrets_of
from orchestration.instants import now
from orchestration.settings import Settings
from orchestration.workspace import Workspace, find_profile


@click.group()
def alerts() -> None:
    """Look after the alerts that the profile asks for."""


@alerts.command("test")
@click.pass_obj
def alerts_test(obj: tuple[Settings, Workspace]) -> None:
    """Send a test by every route, and say what came of it. Exit code 1 if a route does not work."""
    settings, workspace = obj
    try:
        profile = load_profile(find_profile(settings.profile), settings.environment, profile_data=workspace.root)
    except ProfileError as error:
        raise Failed(str(error), EXIT_MISUSED) from error
    routes = profile.alerts.routes
    if not routes:
        raise Failed(f"{profile.file} has no alerts.routes; docs/profiles.md says how to write one", EXIT_MISUSED)
    language = profile.alerts.language or profile.languages[0]
    secrets = secrets_of(profile, settings.environment)
    failed = []
    for name, route in routes.items():
        test = Alert(
            id=uuid.uuid4().hex,
            event="test",
            build_id="",
            raised_at=now().isoformat(timespec="seconds"),
            subject=word("subject.test", language, company=profile.title.zh if language == "zh" else profile.title.en),
            text=word("test", language) + "\n",
            items=[],
        )
        try:
            note = deliver(test, route, profile.name)
        except DeliveryError as error:
            failed.append(name)
            click.echo(f"{name} ({route.kind}): failed: {secrets.hide(str(error))}")
        else:
            click.echo(f"{name} ({route.kind}): sent{f'; {note}' if note else ''}")
    if failed:
        raise Failed(f"{len(failed)} of {len(routes)} routes failed: {', '.join(failed)}")

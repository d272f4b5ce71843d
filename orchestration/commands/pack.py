"""`aftersales pack`: the report of one period as a document for a board."""

from __future__ import annotations

import click

from orchestration.board_packs import LANGUAGES, BoardPackError, make_board_pack
from orchestration.commands.failing import Failed
from orchestration.settings import Settings
from orchestration.workspace import Workspace


@click.command()
@click.option("--period", help="2026-06, 2026-Q2, 2026 or all. Default: the latest complete month.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Default: a document in each.")
@click.pass_obj
def pack(obj: tuple[Settings, Workspace], period: str | None, language: str | None) -> None:
    """Write the board pack (PDF) of the served version and print its path."""
    try:
        for one in [language] if language else LANGUAGES:
            click.echo(make_board_pack(obj[1], one, period).path)
    except BoardPackError as error:
        raise Failed(str(error)) from error

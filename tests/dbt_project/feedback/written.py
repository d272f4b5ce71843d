"""What customers of a sample company write, from its generator through the models that read it: no build, no file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from orchestration.sample import vocabulary as words
from orchestration.sample.clock import Ints
from orchestration.sample.company import found_company
from orchestration.sample.feelings import feel
from orchestration.sample.generate import DEFAULT_AS_OF, make_window
from orchestration.sample.plants import Plant
from orchestration.sample.service import serve
from orchestration.sample.surveys import survey
from orchestration.sample.voices import complain, review
from orchestration.sample.world import make_world
from tests.dbt_project.feedback.reading import modelled
from tests.dbt_project.rendered import model_sql

# Instants of the sample count local seconds; reviews are told in UTC.
_BEHIND_LOCAL = DEFAULT_AS_OF.utcoffset() or timedelta()
_PERIODS = """
create table int_kpi_periods as
select
    'month' as period_grain,
    cast(month as date) as period_start_date,
    cast(month + interval 1 month - interval 1 day as date) as period_end_date,
    true as is_complete
from range(timestamp '2024-07-01', timestamp '2026-07-01', interval 1 month) as months (month)
"""
_ROLLUPS = ("agg_feedback_sentiment", "agg_feedback_themes", "agg_feedback_themes_monthly")


def themes_by_month(seed: int, tickets: int, without: frozenset[Plant]) -> pd.DataFrame:
    """Rows of agg_feedback_themes_monthly for the sample company; all its comments are read as reviews."""
    products = [{"product_id": family, "product_family": family} for family in words.FAMILIES]
    with modelled({"reviews": _comments(seed, tickets, without), "products": products}) as con:
        con.execute(_PERIODS)
        tables = {"fct_feedback": "model_fct_feedback", "fct_feedback_words": "model_fct_feedback_words"}
        for rollup in _ROLLUPS:
            con.execute(f"create table {rollup} as {model_sql(rollup, **tables)}")
        return con.execute("from agg_feedback_themes_monthly order by all").df()


def _comments(seed: int, tickets: int, without: frozenset[Plant]) -> list[dict[str, Any]]:
    window = make_window(DEFAULT_AS_OF)
    world = make_world(found_company(seed, tickets, window, without), window, without)
    service = serve(seed, world, tickets)
    feelings = feel(seed, world, service)
    surveys = survey(seed, world, service, feelings)
    reviews = review(seed, world, service, feelings)
    complaints = complain(seed, world, service, feelings)
    answered = np.array([index for index, comment in enumerate(surveys.comment) if comment], dtype=np.int64)
    about = surveys.invitations.ticket[surveys.answers.invitation[answered]]
    written: list[tuple[list[str], Ints, Ints]] = [
        ([str(surveys.comment[index]) for index in answered.tolist()], about, surveys.answers.at[answered]),
        (reviews.comment, reviews.ticket, reviews.at),
        (complaints.comment, complaints.ticket, complaints.raised),
    ]
    sites = [site.code for site in words.SITES]
    rows: list[dict[str, Any]] = []
    for texts, ticket, at in written:
        site = service.tickets.site[ticket].tolist()
        family = world.company.products.family[service.tickets.product[ticket]].tolist()
        instants = (at.astype("datetime64[s]") - np.timedelta64(_BEHIND_LOCAL)).tolist()
        rows += [
            {
                "review_id": str(len(rows) + place),
                "comment": text,
                "site_id": sites[where],
                "product_id": words.FAMILIES[what],
                "reviewed_at": instant,
            }
            for place, (text, where, what, instant) in enumerate(zip(texts, site, family, instants, strict=True))
        ]
    return rows

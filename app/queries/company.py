"""What the version is about: the company, its feeds, periods, sites and product families."""

from __future__ import annotations

from typing import Final

COMPANY: Final = """
select company_name_en, company_name_zh, time_zone, currency, as_of_at
from meta.settings
"""

BUILDS: Final = """
select
    build_id, code_version, profile_name, input_fingerprint, duckdb_version, duration_seconds,
    as_of_at, started_at, published_at
from meta.builds
order by started_at desc, build_id desc
"""

CONTENTS: Final = """
select table_name, content_hash
from meta.tables
where schema_name = 'marts'
order by table_name
"""

FEEDS: Final = """
select
    feed, sources, row_count, delivered_count, superseded_count, filtered_count, rejected_count, is_connected,
    last_landed_at
from meta.feeds
order by is_connected desc, feed
"""

PERIODS: Final = """
select distinct period_grain, period_start_date, period_end_date, is_complete
from marts.kpi_values
order by period_grain, period_start_date
"""

SITES: Final = """
select site_id, site_name, city
from marts.dim_sites
where
    site_id in (
        select kpi_values.site_id
        from marts.kpi_values
        where kpi_values.segment = 'site'
    )
order by site_name, site_id
"""

# What else KPIs are published by, each alone.
KINDS: Final = """
select distinct
    segment, case segment when 'region' then region when 'channel' then channel else priority end as kind
from marts.kpi_values
where segment in ('region', 'channel', 'priority')
order by segment, kind
"""

PRODUCT_FAMILIES: Final = """
select distinct product_family
from marts.kpi_values
where segment in ('product_family', 'site_and_product_family')
order by product_family
"""

"""What passes the data door on request: rows of tables that are too large to be copied for each limited visitor.

Each is run on the published file itself, with the filters of app.door_statements ($all_sites, $sites, $sees_people) put
in by the door and nobody else; the other parameters are the asker's, and can only narrow. "all" as a site, product
family, region, channel or priority stands for no choice. What a visitor may not see of a row is empty.
"""

from __future__ import annotations

from typing import Final

REQUESTS: Final = {
    # How many items are in each state, and how many of them are cases of their own.
    "item_states": """
        select
            subject_kind, state, reason, count(*) as row_count, count(*) filter (where item_count > 0) as case_count
        from marts.kpi_items
        where
            ($all_sites or site_id in (select unnest($sites)))
            and kpi_id = $kpi_id
            and counted_date between $first_date and $last_date
            and ($site_id = 'all' or site_id = $site_id)
            and ($product_family = 'all' or product_family = $product_family)
            and ($region = 'all' or region = $region)
            and ($channel = 'all' or channel = $channel)
            and ($priority = 'all' or priority = $priority)
        group by subject_kind, state, reason
        order by row_count desc, subject_kind, state, reason
    """,
    "items": """
        select
            subject_kind, subject_id, counted_date, site_id, product_family, channel, priority, state, reason,
            numerator, denominator, item_count, case when $sees_people then technician_id end as technician_id
        from marts.kpi_items
        where
            ($all_sites or site_id in (select unnest($sites)))
            and kpi_id = $kpi_id
            and counted_date between $first_date and $last_date
            and ($site_id = 'all' or site_id = $site_id)
            and ($product_family = 'all' or product_family = $product_family)
            and ($region = 'all' or region = $region)
            and ($channel = 'all' or channel = $channel)
            and ($priority = 'all' or priority = $priority)
            and subject_kind = $subject_kind
            and ($state = 'all' or state = $state)
        order by counted_date desc, subject_id, site_id, product_family, state
        limit $row_limit
    """,
    # Tables that the KPI is made from, marts and feeds.
    "lineage": """
        select distinct schema_name, table_name
        from meta.kpi_columns
        where kpi_id = $kpi_id and split_by is null
        order by schema_name desc, table_name
    """,
    "ticket": """
        select ticket_id as subject_id, status, created_at, first_response_at, resolved_at
        from marts.fct_tickets
        where ticket_id in (select unnest($subject_ids)) and ($all_sites or site_id in (select unnest($sites)))
    """,
    "promise": """
        select metric || '|' || subject_id as subject_id, ticket_id, metric, outcome, due_at, reached_at
        from marts.fct_sla_outcomes
        where
            metric || '|' || subject_id in (select unnest($subject_ids))
            and ($all_sites or site_id in (select unnest($sites)))
    """,
    "episode": """
        select episode_id as subject_id, issue_family, contact_count, first_contact_at, resolved_at
        from marts.fct_episodes
        where episode_id in (select unnest($subject_ids)) and ($all_sites or site_id in (select unnest($sites)))
    """,
    # Customers belong to no site.
    "customer": """
        select customer_id as subject_id, city, segment, customer_since_at
        from marts.dim_customers
        where customer_id in (select unnest($subject_ids)) and $all_sites and $sees_people
    """,
    "answer": """
        select answer_id as subject_id, ticket_id, question_kind, aspect, raw_score, answered_at
        from marts.fct_survey_answers
        where answer_id in (select unnest($subject_ids)) and ($all_sites or site_id in (select unnest($sites)))
    """,
    "complaint": """
        select complaint_id as subject_id, ticket_id, complaint_kind, severity, outcome, raised_at, closed_at
        from marts.fct_complaints
        where complaint_id in (select unnest($subject_ids)) and ($all_sites or site_id in (select unnest($sites)))
    """,
    "review": """
        select review_id as subject_id, platform, rating, scale_max, reviewed_at
        from marts.fct_reviews
        where review_id in (select unnest($subject_ids)) and ($all_sites or site_id in (select unnest($sites)))
    """,
    "audit": """
        select audit_id as subject_id, audit_kind, aspect, score, scale_max, audited_at
        from marts.fct_audits
        where audit_id in (select unnest($subject_ids)) and ($all_sites or site_id in (select unnest($sites)))
    """,
    "call": """
        select call_id as subject_id, ticket_id, queue, outcome, offered_at, answered_at, ended_at
        from marts.fct_calls
        where call_id in (select unnest($subject_ids)) and ($all_sites or site_id in (select unnest($sites)))
    """,
    "shift": """
        select shift_id as subject_id, shift_kind, queue, starts_at, ends_at
        from marts.fct_shifts
        where
            shift_id in (select unnest($subject_ids))
            and $sees_people
            and ($all_sites or site_id in (select unnest($sites)))
    """,
    "visit": """
        select visit_id as subject_id, ticket_id, visit_kind, outcome, requested_at, completed_at
        from marts.fct_visits
        where visit_id in (select unnest($subject_ids)) and ($all_sites or site_id in (select unnest($sites)))
    """,
    "job": """
        select job_id as subject_id, ticket_id, issue_family, visit_count, fix_state, completed_at
        from marts.fct_jobs
        where job_id in (select unnest($subject_ids)) and ($all_sites or site_id in (select unnest($sites)))
    """,
    "part_line": """
        select part_line_id as subject_id, ticket_id, part_name, quantity, requested_at, delivered_at
        from marts.fct_part_lines
        where part_line_id in (select unnest($subject_ids)) and ($all_sites or site_id in (select unnest($sites)))
    """,
    "stock_count": """
        select
            concat_ws('|', site_id, part_id, cast(stock_date as varchar)) as subject_id,
            part_id, on_hand_quantity, reorder_quantity, used_90d_quantity, stock_date
        from marts.fct_part_stock
        where
            concat_ws('|', site_id, part_id, cast(stock_date as varchar)) in (select unnest($subject_ids))
            and ($all_sites or site_id in (select unnest($sites)))
    """,
    # Purchases belong to no site.
    "purchase": """
        select purchase_id as subject_id, purchase_kind, order_id, quantity, amount, purchased_at
        from marts.fct_purchases
        where purchase_id in (select unnest($subject_ids)) and $all_sites
    """,
    "technician": """
        select technician_id as subject_id, work_role, certification_level, certified_until_date
        from marts.dim_technicians
        where
            technician_id in (select unnest($subject_ids))
            and $sees_people
            and ($all_sites or site_id in (select unnest($sites)))
    """,
    "ticket_costs": """
        select ticket_id as subject_id, status, is_warranty, created_at, resolved_at
        from marts.fct_tickets
        where ticket_id in (select unnest($subject_ids)) and ($all_sites or site_id in (select unnest($sites)))
    """,
    "visit_costs": """
        select visit_id as subject_id, visit_kind, outcome, requested_at, completed_at
        from marts.fct_visits
        where visit_id in (select unnest($subject_ids)) and ($all_sites or site_id in (select unnest($sites)))
    """,
    "site_costs": """
        select site_id as subject_id, site_name, city
        from marts.dim_sites
        where site_id in (select unnest($subject_ids)) and ($all_sites or site_id in (select unnest($sites)))
    """,
}

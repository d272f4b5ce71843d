{#-
    What stands behind each KPI: the kinds of subjects that kpi_items has rows of, and where a kind is published, with
    the key that subject_id is and the columns that tell a reader what the row is. A kind that is not published has its
    items alone.
-#}
{%- set kinds = {
    'ticket': ('fct_tickets', "ticket_id", 'status created_at first_response_at resolved_at'),
    'promise': ('fct_sla_outcomes', "metric || ''|'' || subject_id", 'ticket_id metric outcome due_at reached_at'),
    'episode': ('fct_episodes', "episode_id", 'issue_family contact_count first_contact_at resolved_at'),
    'customer': ('dim_customers', "customer_id", 'city segment customer_since_at'),
    'answer': ('fct_survey_answers', "answer_id", 'ticket_id question_kind aspect raw_score answered_at'),
    'invitation': (none, none, none),
    'complaint': ('fct_complaints', "complaint_id", 'ticket_id complaint_kind severity outcome raised_at closed_at'),
    'review': ('fct_reviews', "review_id", 'platform rating scale_max reviewed_at'),
    'audit': ('fct_audits', "audit_id", 'audit_kind aspect score scale_max audited_at'),
    'call': ('fct_calls', "call_id", 'ticket_id queue outcome offered_at answered_at ended_at'),
    'shift': ('fct_shifts', "shift_id", 'shift_kind queue starts_at ends_at'),
    'visit': ('fct_visits', "visit_id", 'ticket_id visit_kind outcome requested_at completed_at'),
    'job': ('fct_jobs', "job_id", 'ticket_id issue_family visit_count fix_state completed_at'),
    'part_line': ('fct_part_lines', "part_line_id", 'ticket_id part_name quantity requested_at delivered_at'),
    'stock_count': ('fct_part_stock', "concat_ws(''|'', site_id, part_id, cast(stock_date as varchar))", 'part_id on_hand_quantity reorder_quantity used_90d_quantity stock_date'),
    'purchase': ('fct_purchases', "purchase_id", 'purchase_kind order_id quantity amount purchased_at'),
    'asset': (none, none, none),
    'units': (none, none, none),
    'technician': ('dim_technicians', "technician_id", 'work_role certification_level certified_until_date'),
    'ticket_costs': ('fct_tickets', "ticket_id", 'status is_warranty created_at resolved_at'),
    'visit_costs': ('fct_visits', "visit_id", 'visit_kind outcome requested_at completed_at'),
    'site_costs': ('dim_sites', "site_id", 'site_name city'),
    'customer_flow': ('agg_customer_flows', none, none),
    'purchase_history': ('fct_purchases', none, none),
} -%}
{%- set subjects = {
    'ticket': [
        'first_response_business_time_mean',
        'resolution_business_time_mean',
        'aht_per_case',
        'complaint_rate',
        'service_fee_per_ticket',
        'coverage_within_50km',
        'extended_hours_share',
        'repeat_contact_rate',
        'first_contact_resolution_rate',
        'fcr_window_1d',
        'fcr_window_3d',
        'fcr_window_14d',
        'fcr_window_30d',
        'fcr_touch_rate',
        'fcr_event_rate',
        'unresolved_count',
        'remote_fix_rate',
        'acceptance_time_mean',
        'first_response_time_mean',
        'resolution_time_mean',
        'handling_time_mean',
        'resolution_rate',
        'reopen_rate',
        'assignment_time_mean',
        'acknowledgement_time_mean',
        'work_start_time_mean',
        'waiting_customer_time_mean',
        'waiting_parts_time_mean',
        'our_time_share',
        'handovers_per_ticket',
        'follow_up_rate',
        'follow_up_time_mean',
        'first_response_time_median',
        'first_response_time_p90',
        'resolution_time_median',
        'resolution_time_p90',
        'cost_per_ticket',
        'cost_per_ticket_warranty',
        'cost_per_ticket_paid',
        'service_fee_cost_share',
    ],
    'promise': [
        'first_response_sla_attainment',
        'urgent_first_response_attainment',
        'resolution_sla_attainment',
        'sla_completion_rate',
        'visit_on_time_rate',
        'parts_on_time_rate',
        'promises_kept_rate',
        'customers_kept_every_promise',
    ],
    'episode': [
        'cost_per_resolved_episode',
        'fcr_issue_rate',
        'fcr_customer_rate',
    ],
    'customer': [
        'fcr_customer_rate',
        'customers_kept_every_promise',
    ],
    'answer': [
        'fcr_survey_rate',
        'csat_top_box_share',
        'csat_top_box_share_3_point',
        'csat_mean',
        'csat_mean_3_point',
        'nps',
        'nps_transactional',
        'ces_mean',
        'ces_easy_share',
        'feedback_count',
        'attitude_top_box_share',
        'effective_communication_rate',
        'professionalism_top_box_share',
        'timeliness_top_box_share',
        'quality_top_box_share',
        'effectiveness_top_box_share',
        'product_top_box_share',
        'friendliness_top_box_share',
        'empathy_top_box_share',
    ],
    'invitation': [
        'survey_response_rate',
    ],
    'complaint': [
        'complaint_rate',
        'complaint_handling_time_mean',
        'complaint_acknowledge_time_mean',
        'complaint_recurrence_rate',
        'complaint_severe_share',
        'complaint_closed_share',
        'feedback_count',
        'complaints_per_1000_units',
    ],
    'review': [
        'feedback_count',
        'review_rating_mean',
    ],
    'audit': [
        'mystery_shopper_score',
        'service_monitoring_score',
    ],
    'call': [
        'aht_per_contact',
        'aht_per_case',
        'call_service_level_20s',
        'call_service_level_20s_excluding_short',
        'average_speed_of_answer',
        'call_abandonment_rate',
        'call_abandonment_rate_excluding_short',
        'call_transfer_rate',
        'calls_offered',
        'agent_occupancy',
        'contacts_per_rostered_hour',
    ],
    'shift': [
        'agent_occupancy',
        'jobs_per_available_day',
        'contacts_per_rostered_hour',
        'technician_utilisation',
    ],
    'visit': [
        'jobs_per_available_day',
        'technician_utilisation',
        'checked_in_visit_share',
        'visits_lost_to_parts_rate',
        'service_fee_cost_share',
    ],
    'job': [
        'first_time_fix_rate',
        'first_time_fix_rate_14d',
    ],
    'part_line': [
        'parts_arrival_time_mean',
        'parts_fill_rate',
        'parts_cost_share',
    ],
    'stock_count': [
        'stock_sufficiency',
        'stock_cover_days',
    ],
    'purchase': [
        'product_return_rate',
        'renewal_rate',
    ],
    'asset': [
        'defect_rate',
    ],
    'units': [
        'complaints_per_1000_units',
    ],
    'technician': [
        'training_hours_per_technician',
        'certified_technician_share',
    ],
    'ticket_costs': [
        'cost_total',
        'labor_cost_share',
        'parts_cost_share',
        'operations_cost_share',
        'unallocated_cost_share',
        'cost_per_ticket',
        'service_fee_cost_share',
        'cost_per_ticket_warranty',
        'cost_per_ticket_paid',
    ],
    'visit_costs': [
        'cost_total',
        'labor_cost_share',
        'parts_cost_share',
        'operations_cost_share',
        'unallocated_cost_share',
        'cost_per_ticket',
        'service_fee_cost_share',
    ],
    'site_costs': [
        'cost_total',
        'labor_cost_share',
        'parts_cost_share',
        'operations_cost_share',
        'unallocated_cost_share',
        'cost_per_ticket',
        'service_fee_cost_share',
    ],
    'customer_flow': [
        'retention_rate',
        'retention_rate_purchase',
        'churn_rate',
        'new_customer_count',
        'returning_customer_count',
    ],
    'purchase_history': [
        'repurchase_rate',
        'net_revenue_retention',
    ],
} -%}
with subjects as (

    {% for kind, kpis in subjects.items() -%}
        {% set outer_loop = loop -%}
        {% set table_name, key_expression, shown_columns = kinds[kind] -%}
        {% for kpi in kpis -%}
            select
                '{{ kpi }}' as kpi_id,
                '{{ kind }}' as subject_kind,
                {{ "'" ~ table_name ~ "'" if table_name else 'cast(null as varchar)' }}
                    as table_name,
                {{ "'" ~ key_expression ~ "'" if key_expression else 'cast(null as varchar)' }}
                    as key_expression,
                {{ "'" ~ shown_columns ~ "'" if shown_columns else 'cast(null as varchar)' }}
                    as shown_columns
            {% if not (loop.last and outer_loop.last) %}union all{% endif %}
        {% endfor -%}
    {% endfor -%}

),

quantiles as (

    select
        kpi_id,
        remaining_share
    from {{ ref('int_kpi_quantile_kpis') }}

)

select
    subjects.kpi_id,
    subjects.subject_kind,
    subjects.table_name,
    subjects.key_expression,
    subjects.shown_columns,
    case
        when quantiles.kpi_id is not null then 'quantile'
        when subjects.kpi_id = 'certified_technician_share' then 'level'
        -- Customers are followed from period to period: what makes the number is no row of one.
        when subjects.subject_kind in ('customer_flow', 'purchase_history') then 'elsewhere'
        else 'sums'
    end as rows_rule,
    cast(quantiles.remaining_share as double) as remaining_share
from subjects
left join quantiles on subjects.kpi_id = quantiles.kpi_id

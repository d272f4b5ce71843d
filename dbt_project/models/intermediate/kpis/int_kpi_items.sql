{#-
    What the items of each family tell beyond the rest: the fault family of what they count; how many
    units an item stands for; how what is counted left a curve.
-#}
{%- set with_issue = [
    ref('int_kpi_ticket_items'),
    ref('int_kpi_sla_items'),
    ref('int_kpi_resolution_items'),
    ref('int_kpi_issue_items'),
    ref('int_kpi_survey_items'),
] -%}
{%- set with_count = [
    ref('int_kpi_spending_items'),
    ref('int_kpi_unit_items'),
] -%}
{%- set with_reason = [
    ref('int_kpi_quantile_items'),
] -%}
{%- set others = [
    ref('int_kpi_complaint_items'),
    ref('int_kpi_call_items'),
    ref('int_kpi_part_items'),
    ref('int_kpi_training_items'),
    ref('int_kpi_business_time_items'),
    ref('int_kpi_times_items'),
    ref('int_kpi_product_items'),
    ref('int_kpi_cost_items'),
    ref('int_kpi_voice_items'),
    ref('int_kpi_retention_items'),
    ref('int_kpi_people_items'),
    ref('int_kpi_supply_items'),
    ref('int_kpi_network_items'),
    ref('int_kpi_certification_items'),
] -%}
{% for items in with_issue + with_count + with_reason + others -%}
    select
        kpi_id,
        subject_kind,
        subject_id,
        technician_id,
        site_id,
        product_family,
        {{ 'issue_family' if items in with_issue else "'unknown' as issue_family" }},
        channel,
        priority,
        item_state,
        {% if items in with_reason -%}
            counted_reason,
        {%- else -%}
            cast(null as varchar) as counted_reason,
        {%- endif %}
        numerator,
        denominator,
        {% if items in with_count -%}
            item_count,
        {%- else -%}
            -- What adds to the numerator alone is no case: its population is of another kind.
            case when item_state = 'counted' and denominator = 0 then 0 else 1 end
                as item_count,
        {%- endif %}
        counted_date
    from {{ items }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}

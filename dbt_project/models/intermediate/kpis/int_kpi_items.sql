{#- Items of KPIs that know the fault family of what they count, and of those that do not. -#}
{%- set with_issue = [
    ref('int_kpi_ticket_items'),
    ref('int_kpi_sla_items'),
    ref('int_kpi_resolution_items'),
    ref('int_kpi_issue_items'),
    ref('int_kpi_survey_items'),
] -%}
{%- set without_issue = [
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
] -%}
{% for items in with_issue + without_issue -%}
    select
        kpi_id,
        technician_id,
        site_id,
        product_family,
        {{ 'issue_family' if items in with_issue else "'unknown' as issue_family" }},
        channel,
        priority,
        item_state,
        numerator,
        denominator,
        counted_date
    from {{ items }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}

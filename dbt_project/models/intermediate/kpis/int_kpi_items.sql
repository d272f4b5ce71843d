select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_ticket_items') }}

union all

select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_sla_items') }}

union all

select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_resolution_items') }}

union all

select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_survey_items') }}

union all

select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    'unknown' as issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_complaint_items') }}

union all

select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    'unknown' as issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_call_items') }}

union all

select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    'unknown' as issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_part_items') }}

union all

select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    'unknown' as issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_training_items') }}

union all

select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    'unknown' as issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_business_time_items') }}

union all

select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    'unknown' as issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_times_items') }}

union all

select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    'unknown' as issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_product_items') }}

union all

select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    'unknown' as issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_cost_items') }}

union all

select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    'unknown' as issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_voice_items') }}

union all

select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    'unknown' as issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_retention_items') }}

union all

select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    'unknown' as issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_people_items') }}

union all

select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    'unknown' as issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_supply_items') }}

union all

select
    kpi_id,
    technician_id,
    site_id,
    product_family,
    'unknown' as issue_family,
    channel,
    priority,
    item_state,
    numerator,
    denominator,
    counted_date
from {{ ref('int_kpi_network_items') }}

select
    'first_response_time_median' as kpi_id,
    'first_response' as metric,
    0.5 as remaining_share

union all

select
    'first_response_time_p90' as kpi_id,
    'first_response' as metric,
    0.1 as remaining_share

union all

select
    'resolution_time_median' as kpi_id,
    'resolution' as metric,
    0.5 as remaining_share

union all

select
    'resolution_time_p90' as kpi_id,
    'resolution' as metric,
    0.1 as remaining_share

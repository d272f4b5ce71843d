with mixes as (

    select
        outcome,
        driver,
        adjustment
    from {{ ref('int_kpi_driver_mixes') }}

    union all

    select distinct
        outcome,
        driver,
        'none' as adjustment
    from {{ ref('int_kpi_driver_contrasts') }}

),

items as (

    select
        contrasts.outcome,
        contrasts.driver,
        contrasts.contrast,
        mixes.adjustment,
        contrasts.item_id,
        contrasts.cluster_id,
        {{ driver_stratum('mixes.adjustment') }} as stratum,
        contrasts.exposure,
        contrasts.value
    from {{ ref('int_kpi_driver_contrasts') }} as contrasts
    inner join mixes
        on contrasts.outcome = mixes.outcome and contrasts.driver = mixes.driver

),

fits as (

    {{ stratified_difference('items', ['outcome', 'driver', 'contrast', 'adjustment']) }}

)

select
    outcome,
    driver,
    contrast,
    adjustment,
    difference,
    error,
    compared_exposed_count,
    compared_unexposed_count,
    stratum_count
from fits
where
    compared_exposed_count >= {{ least_exposed() }}
    and compared_unexposed_count >= {{ least_exposed() }}
    and error > 0

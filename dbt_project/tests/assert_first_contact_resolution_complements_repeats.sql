-- Same unit, same eligibility: what was not repeated was resolved at first contact.
with repeats as (

    select * from {{ ref('kpi_values') }}
    where kpi_id = 'repeat_contact_rate'

),

resolutions as (

    select * from {{ ref('kpi_values') }}
    where kpi_id = 'first_contact_resolution_rate'

)

select
    repeats.period_grain,
    repeats.period_start_date,
    repeats.segment,
    repeats.site_id,
    repeats.product_family,
    repeats.value as repeat_share,
    resolutions.value as resolution_share
from repeats
full outer join resolutions
    on
        repeats.period_grain = resolutions.period_grain
        and repeats.period_start_date = resolutions.period_start_date
        and repeats.segment = resolutions.segment
        and repeats.site_id = resolutions.site_id
        and repeats.region = resolutions.region
        and repeats.product_family = resolutions.product_family
        and repeats.channel = resolutions.channel
        and repeats.priority = resolutions.priority
where
    repeats.kpi_id is null
    or resolutions.kpi_id is null
    or repeats.numerator + resolutions.numerator <> repeats.denominator
    or repeats.denominator <> resolutions.denominator

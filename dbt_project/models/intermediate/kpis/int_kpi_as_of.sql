with settings as (

    select as_of_at from {{ ref('stg_build_settings') }}

)

select
    as_of_at,
    {{ local_date('as_of_at') }} as as_of_date,
    -- The last day of which something was seen: as-of at a local midnight ends the day before.
    {{ local_date('as_of_at - interval 1 microsecond') }} as last_date
from settings

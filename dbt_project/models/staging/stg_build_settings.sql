select
    cast(company_name_en as varchar) as company_name_en,
    cast(company_name_zh as varchar) as company_name_zh,
    cast(time_zone as varchar) as time_zone,
    cast(currency as varchar) as currency,
    cast(as_of_at as timestamp) as as_of_at
from {{ source('build', 'settings') }}

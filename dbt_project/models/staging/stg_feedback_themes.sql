select
    cast(theme as varchar) as theme,
    cast(_source as varchar) as source,
    cast(language as varchar) as language,
    cast(word as varchar) as word,
    cast(severity as bigint) as severity,
    cast(valid_from_date as date) as valid_from_date,
    cast(valid_to_date as date) as valid_to_date
from {{ source('policy', 'feedback_themes') }}

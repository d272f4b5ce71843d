with feedback as (

    select * from {{ ref('int_feedback_gathered') }}

)

select
    feedback_kind,
    feedback_id,
    source,
    customer_id,
    ticket_id,
    site_id,
    product_family,
    language,
    sentiment,
    score,
    themes,
    theme_count,
    severity,
    comment,
    character_count,
    {{ local_date('written_at') }} as written_date,
    written_at
from feedback

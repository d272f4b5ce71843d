select
    cast(answer_id as varchar) as answer_id,
    cast(_source as varchar) as source,
    cast(invitation_id as varchar) as invitation_id,
    {{ protect_column('customer_id', 'varchar', 'customer_key') }} as customer_id,
    cast(ticket_id as varchar) as ticket_id,
    {{ protect_column('technician_id', 'varchar', 'staff_key') }} as technician_id,
    cast(question_kind as varchar) as question_kind,
    cast(survey_kind as varchar) as survey_kind,
    cast(aspect as varchar) as aspect,
    cast(raw_score as decimal(9, 3)) as raw_score,
    cast(scale_min as decimal(9, 3)) as scale_min,
    cast(scale_max as decimal(9, 3)) as scale_max,
    cast(polarity as varchar) as polarity,
    {{ protect_column('comment', 'varchar', 'free_text') }} as comment,
    cast(language as varchar) as language,
    cast(answered_at as timestamp) as answered_at
from {{ source('raw', 'survey_answers') }}

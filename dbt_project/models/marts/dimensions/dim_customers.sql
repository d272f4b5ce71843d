with customers as (

    select * from {{ ref('stg_customers') }}

),

referenced_ids as (

    select customer_id from {{ ref('stg_assets') }}
    union
    select customer_id from {{ ref('stg_tickets') }}
    union
    select customer_id from {{ ref('stg_complaints') }}
    union
    select customer_id from {{ ref('stg_visits') }}
    union
    select customer_id from {{ ref('stg_calls') }}
    union
    select customer_id from {{ ref('stg_survey_invitations') }}
    union
    select customer_id from {{ ref('stg_survey_answers') }}
    union
    select customer_id from {{ ref('stg_reviews') }}
    union
    select customer_id from {{ ref('stg_purchases') }}

)

select
    coalesce(customers.customer_id, referenced_ids.customer_id) as customer_id,
    customers.source,
    customers.customer_kind,
    customers.region,
    customers.city,
    customers.segment,
    customers.preferred_language,
    customers.customer_id is null as is_inferred,
    customers.customer_since_at
from customers
full outer join referenced_ids on customers.customer_id = referenced_ids.customer_id
where coalesce(customers.customer_id, referenced_ids.customer_id) is not null

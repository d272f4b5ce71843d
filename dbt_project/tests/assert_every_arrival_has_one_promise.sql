-- No visit or part line falls out of the promises, and none is promised twice.
with promises as (

    select
        metric,
        count(*) as promise_count
    from {{ ref('fct_sla_outcomes') }}
    group by metric

),

subjects as (

    select
        'visit_arrival' as metric,
        count(*) as subject_count
    from {{ ref('fct_visits') }}

    union all

    select
        'parts_arrival' as metric,
        count(*) as subject_count
    from {{ ref('fct_part_lines') }}

)

select
    subjects.metric,
    subjects.subject_count,
    promises.promise_count
from subjects
left join promises on subjects.metric = promises.metric
where subjects.subject_count <> coalesce(promises.promise_count, 0)

{% set bin_count = 10 %}

with judged as (

    select
        risk,
        subject_id,
        probability,
        cast(outcome as integer) as outcome,
        least(
            cast(floor(cast(probability as decimal(9, 4)) * {{ bin_count }}) as bigint) + 1,
            {{ bin_count }}
        ) as bin_number
    from {{ ref('int_risks_scored') }}
    where not is_now

),

subjects as (

    select
        risk,
        bin_number,
        subject_id,
        count(*) as judged_count,
        sum(outcome) as event_count,
        sum(cast(probability as decimal(18, 4))) as probability_sum
    from judged
    group by risk, bin_number, subject_id

),

bins as (

    select
        risk,
        bin_number,
        sum(judged_count) as judged_count,
        count(*) as subject_count,
        sum(event_count) as event_count,
        sum(probability_sum) as probability_sum,
        -- What so many judgements of so few subjects are worth: L. Kish 1965, "Survey Sampling".
        cast(sum(judged_count) * sum(judged_count) as double) / sum(judged_count * judged_count)
            as effective_count
    from subjects
    group by risk, bin_number

)

select
    risk,
    bin_number,
    cast(judged_count as bigint) as judged_count,
    subject_count,
    cast(event_count as bigint) as event_count,
    cast((bin_number - 1) as double) / {{ bin_count }} as probability_from,
    cast(bin_number as double) / {{ bin_count }} as probability_to,
    round(cast(probability_sum as double) / judged_count, 6) as mean_probability,
    round(cast(event_count as double) / judged_count, 6) as event_share,
    round({{ wilson_bound(
        '(cast(event_count as double) / judged_count * effective_count)', 'effective_count', '-'
    ) }}, 6) as event_share_low,
    round({{ wilson_bound(
        '(cast(event_count as double) / judged_count * effective_count)', 'effective_count', '+'
    ) }}, 6) as event_share_high
from bins

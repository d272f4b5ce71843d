-- Of a two-sided interval that holds with 95 % for three models at once (Bonferroni): the normal
-- quantile of 1 − 0.05 / 6.
{% set z = 2.3939797998185104 %}
-- Fewer subjects, or fewer of either outcome, say nothing of a model.
{% set min_subjects = 200 %}
{% set min_outcomes = 50 %}

with risks as (

    select
        asked.risk,
        asked.subject_kind,
        asked.group_kind
    from (
        values
        ('breach', 'ticket', 'priority'),
        ('comeback', 'ticket', 'priority'),
        ('leave', 'customer', 'last_purchase')
    ) as asked (risk, subject_kind, group_kind)

),

scored as (

    select * from {{ ref('int_risks_scored') }}

),

-- No probability is certain: that of a rate that never failed costs a finite amount.
judged as (

    select
        risk,
        subject_id,
        cast(outcome as integer) as outcome,
        {% for name in ['probability', 'base_rate', 'group_rate'] %}
            cast(
                ({{ name }} - cast(outcome as integer)) * ({{ name }} - cast(outcome as integer))
                as decimal(38, 12)
            ) as {{ name }}_brier,
            cast(
                -ln(
                    greatest(
                        0.0005,
                        case when outcome then {{ name }} else 1 - {{ name }} end
                    )
                ) as decimal(38, 12)
            ) as {{ name }}_loss,
        {% endfor %}
        probability
    from scored
    where not is_now

),

totals as (

    select
        risk,
        count(*) as judged_count,
        count(distinct subject_id) as subject_count,
        sum(outcome) as event_count,
        count(distinct case when outcome = 1 then subject_id end) as event_subject_count,
        count(distinct case when outcome = 0 then subject_id end) as other_subject_count,
        {% for measure in ['brier', 'loss'] %}
            sum(probability_{{ measure }}) / count(*) as {{ measure }},
            sum(base_rate_{{ measure }}) / count(*) as base_{{ measure }},
            sum(group_rate_{{ measure }}) / count(*) as group_{{ measure }},
            -- The better of the two that know nothing of the single case is the one to beat.
            sum(base_rate_{{ measure }}) <= sum(group_rate_{{ measure }}) as is_base_{{ measure }},
            least(sum(base_rate_{{ measure }}), sum(group_rate_{{ measure }})) / count(*)
            - sum(probability_{{ measure }}) / count(*) as {{ measure }}_gain,
        {% endfor %}
        avg(cast(probability as decimal(18, 4))) as mean_probability
    from judged
    group by risk

),

-- A ticket that was open on five mornings was judged five times, all of them alike: it counts as
-- one in what is known of the spread (a cluster).
subject_gains as (

    select
        judged.risk,
        {% for measure in ['brier', 'loss'] %}
            sum(
                cast(
                    case
                        when totals.is_base_{{ measure }} then judged.base_rate_{{ measure }}
                        else judged.group_rate_{{ measure }}
                    end
                    - judged.probability_{{ measure }}
                    - totals.{{ measure }}_gain as decimal(38, 12)
                )
            ) as {{ measure }}_apart,
        {% endfor %}
        judged.subject_id
    from judged
    inner join totals on judged.risk = totals.risk
    group by judged.risk, judged.subject_id

),

gain_errors as (

    select
        {% for measure in ['brier', 'loss'] %}
            sqrt(
                sum(
                    cast(
                        cast({{ measure }}_apart as double) * {{ measure }}_apart
                        as decimal(38, 12)
                    )
                )
                * count(*) / nullif(count(*) - 1, 0)
            ) as {{ measure }}_spread,
        {% endfor %}
        risk
    from subject_gains
    group by risk

),

-- The area under the curve: how often of two, one of either outcome, the right one has the higher
-- probability. Its spread by N. A. Obuchowski 1997, "Nonparametric analysis of clustered ROC curve
-- data", Biometrics 53.
points as (

    select
        risk,
        probability,
        sum(outcome) as event_count,
        count(*) - sum(outcome) as other_count
    from judged
    group by risk, probability

),

placed as (

    select
        risk,
        probability,
        sum(event_count) over risks as events,
        sum(other_count) over risks as others,
        (sum(other_count) over below - other_count / 2) / nullif(sum(other_count) over risks, 0)
            as others_below,
        1 - (sum(event_count) over below - event_count / 2) / nullif(sum(event_count) over risks, 0)
            as events_above
    from points
    window
        risks as (partition by risk),
        below as (partition by risk order by probability)

),

areas as (

    select
        judged.risk,
        sum(cast(judged.outcome * placed.others_below as decimal(38, 12)))
        / nullif(any_value(placed.events), 0) as auc
    from judged
    inner join placed
        on
            judged.risk = placed.risk
            and judged.probability = placed.probability
    group by judged.risk

),

subject_places as (

    select
        judged.risk,
        judged.subject_id,
        any_value(placed.events) as events,
        any_value(placed.others) as others,
        max(judged.outcome) as has_event,
        max(1 - judged.outcome) as has_other,
        sum(cast(judged.outcome * (placed.others_below - areas.auc) as decimal(38, 12)))
            as event_apart,
        sum(cast((1 - judged.outcome) * (placed.events_above - areas.auc) as decimal(38, 12)))
            as other_apart
    from judged
    inner join placed
        on
            judged.risk = placed.risk
            and judged.probability = placed.probability
    inner join areas on judged.risk = areas.risk
    group by judged.risk, judged.subject_id

),

area_errors as (

    select
        risk,
        sqrt(
            greatest(
                0,
                sum(cast(cast(event_apart as double) * event_apart as decimal(38, 12)))
                * sum(has_event) / nullif(sum(has_event) - 1, 0)
                / nullif(any_value(events) * any_value(events), 0)
                + sum(cast(cast(other_apart as double) * other_apart as decimal(38, 12)))
                * sum(has_other) / nullif(sum(has_other) - 1, 0)
                / nullif(any_value(others) * any_value(others), 0)
                + 2 * sum(cast(cast(event_apart as double) * other_apart as decimal(38, 12)))
                * count(*) / nullif(count(*) - 1, 0)
                / nullif(any_value(events) * any_value(others), 0)
            )
        ) as auc_error
    from subject_places
    group by risk

),

open_now as (

    select
        risk,
        count(*) as now_count
    from scored
    where is_now
    group by risk

),

measured as (

    select
        risks.risk,
        risks.subject_kind,
        risks.group_kind,
        totals.judged_count,
        totals.subject_count,
        totals.event_count,
        totals.mean_probability,
        {% for measure in ['brier', 'loss'] %}
            totals.{{ measure }},
            totals.base_{{ measure }},
            totals.group_{{ measure }},
            totals.{{ measure }}_gain,
        {% endfor %}
        totals.brier_gain - {{ z }} * gain_errors.brier_spread / totals.judged_count
            as brier_gain_low,
        totals.brier_gain + {{ z }} * gain_errors.brier_spread / totals.judged_count
            as brier_gain_high,
        totals.loss_gain - {{ z }} * gain_errors.loss_spread / totals.judged_count
            as loss_gain_low,
        totals.loss_gain + {{ z }} * gain_errors.loss_spread / totals.judged_count
            as loss_gain_high,
        areas.auc,
        greatest(0, areas.auc - {{ z_95() }} * area_errors.auc_error) as auc_low,
        least(1, areas.auc + {{ z_95() }} * area_errors.auc_error) as auc_high,
        coalesce(
            totals.subject_count >= {{ min_subjects }}
            and totals.event_subject_count >= {{ min_outcomes }}
            and totals.other_subject_count >= {{ min_outcomes }},
            false
        ) as is_enough,
        coalesce(open_now.now_count, 0) as now_count
    from risks
    left join totals on risks.risk = totals.risk
    left join gain_errors on risks.risk = gain_errors.risk
    left join areas on risks.risk = areas.risk
    left join area_errors on risks.risk = area_errors.risk
    left join open_now on risks.risk = open_now.risk

)

select
    risk,
    subject_kind,
    group_kind,
    case
        when not is_enough then 'too_few'
        when brier_gain_low > 0 and loss_gain_low > 0 then 'used'
        else 'not_better'
    end as verdict,
    is_enough and coalesce(brier_gain_low > 0 and loss_gain_low > 0, false) as is_used,
    coalesce(judged_count, 0) as judged_count,
    coalesce(subject_count, 0) as subject_count,
    cast(coalesce(event_count, 0) as bigint) as event_count,
    cast(now_count as bigint) as now_count,
    round(cast(event_count as double) / judged_count, 6) as event_share,
    round(cast(mean_probability as double), 6) as mean_probability,
    {% for measure in ['brier', 'loss'] %}
        {%- set name = 'log_loss' if measure == 'loss' else measure %}
        round(cast({{ measure }} as double), 6) as {{ name }},
        round(cast(base_{{ measure }} as double), 6) as base_{{ name }},
        round(cast(group_{{ measure }} as double), 6) as group_{{ name }},
        round(cast({{ measure }}_gain as double), 6) as {{ name }}_gain,
        round(cast({{ measure }}_gain_low as double), 6) as {{ name }}_gain_low,
        round(cast({{ measure }}_gain_high as double), 6) as {{ name }}_gain_high,
    {% endfor %}
    round(cast(auc as double), 6) as auc,
    round(cast(auc_low as double), 6) as auc_low,
    round(cast(auc_high as double), 6) as auc_high
from measured

with months as (

    select * from {{ ref('agg_action_months') }}

),

used as (

    select
        *,
        phase = 'after' as is_after
    from months
    where phase in ('before', 'after') and item_weight > 0

),

-- Beside a month the same month of the year before, itself one of before the measure.
by_season as (

    select
        used.action_id,
        used.month_offset,
        used.is_after,
        used.value - earlier.value as reading,
        1.0 / (1.0 / used.item_weight + 1.0 / earlier.item_weight) as item_weight
    from used
    inner join used as earlier
        on
            used.action_id = earlier.action_id
            and used.month_offset - 12 = earlier.month_offset
            and not earlier.is_after

),

seasonal as (

    select action_id
    from by_season
    group by action_id
    having
        sum(case when is_after then 0 else 1 end) >= {{ least_months_before() }}
        and sum(case when is_after then 1 else 0 end) >= {{ least_months_after() }}

),

readings as (

    select
        used.action_id,
        'interrupted_series' as design,
        used.month_offset,
        used.is_after,
        used.value as reading,
        used.item_weight
    from used
    left join seasonal on used.action_id = seasonal.action_id
    where seasonal.action_id is null

    union all

    select
        by_season.action_id,
        'interrupted_series' as design,
        by_season.month_offset,
        by_season.is_after,
        by_season.reading,
        by_season.item_weight
    from by_season
    inner join seasonal on by_season.action_id = seasonal.action_id

    union all

    -- Others have the same season: it leaves by itself.
    select
        action_id,
        'difference_in_differences' as design,
        month_offset,
        is_after,
        value - comparison_value as reading,
        1.0 / (1.0 / item_weight + 1.0 / comparison_weight) as item_weight
    from used
    where comparison_value is not null

),

sized as (

    select
        action_id,
        design,
        sum(case when is_after then 0 else 1 end) as before_count,
        sum(case when is_after then 1 else 0 end) as after_count,
        count(*) as month_count,
        {{ exact_sum('item_weight') }} as total_weight
    from readings
    group by action_id, design

),

-- Weights of the mean 1, and a step that is 0 before and 1 after.
weighted as (

    select
        readings.action_id,
        readings.design,
        readings.month_offset,
        readings.is_after,
        readings.reading,
        case when readings.is_after then 1.0 else 0.0 end as step,
        cast(readings.month_offset as double) as month_at,
        readings.item_weight * sized.month_count / sized.total_weight as weight
    from readings
    inner join sized
        on readings.action_id = sized.action_id and readings.design = sized.design

),

means as (

    select
        action_id,
        design,
        {{ exact_sum('weight') }} as weight,
        {{ exact_sum('weight * month_at') }} as month_total,
        {{ exact_sum('weight * step') }} as step_total,
        {{ exact_sum('weight * reading') }} as reading_total
    from weighted
    group by action_id, design

),

centered as (

    select
        weighted.action_id,
        weighted.design,
        weighted.month_offset,
        weighted.weight,
        weighted.month_at - means.month_total / means.weight as month_at,
        weighted.step - means.step_total / means.weight as step,
        weighted.reading - means.reading_total / means.weight as reading
    from weighted
    inner join means
        on weighted.action_id = means.action_id and weighted.design = means.design

),

crossed as (

    select
        action_id,
        design,
        {{ exact_sum('weight * month_at * month_at') }} as month_month,
        {{ exact_sum('weight * month_at * step') }} as month_step,
        {{ exact_sum('weight * step * step') }} as step_step,
        {{ exact_sum('weight * month_at * reading') }} as month_reading,
        {{ exact_sum('weight * step * reading') }} as step_reading
    from centered
    group by action_id, design

),

-- The step beside the trend (Frisch, Waugh and Lovell): what of the step the months do not tell. A
-- difference to others has no trend of its own, which is tested below.
parted as (

    select
        *,
        case
            when design = 'interrupted_series' then month_step / nullif(month_month, 0) else 0
        end as step_by_month
    from crossed

),

solved as (

    select
        *,
        step_step - step_by_month * month_step as own_step,
        (step_reading - step_by_month * month_reading)
        / nullif(step_step - step_by_month * month_step, 0) as effect
    from parted

),

trended as (

    select
        *,
        case
            when design = 'interrupted_series'
                then (month_reading - effect * month_step) / nullif(month_month, 0)
            else 0
        end as trend
    from solved

),

left_over as (

    select
        centered.action_id,
        centered.design,
        centered.month_offset,
        sqrt(centered.weight)
        * (
            centered.reading
            - trended.trend * centered.month_at
            - trended.effect * centered.step
        ) as residual,
        centered.weight
        * (centered.step - trended.step_by_month * centered.month_at)
        * (
            centered.reading
            - trended.trend * centered.month_at
            - trended.effect * centered.step
        ) / trended.own_step as score
    from centered
    inner join trended
        on centered.action_id = trended.action_id and centered.design = trended.design
    where trended.own_step > 0

),

lagged as (

    select
        *,
        lag(residual) over in_order as residual_1,
        lag(score) over in_order as score_1,
        lag(score, 2) over in_order as score_2,
        lag(score, 3) over in_order as score_3
    from left_over
    window in_order as (partition by action_id, design order by month_offset)

),

scattered as (

    select
        action_id,
        design,
        {{ exact_sum('residual * residual') }} as residual_squares,
        {{ exact_sum('coalesce(residual * residual_1, 0)') }} as residual_neighbours,
        {{ exact_sum('score * score') }} as score_squares,
        {{ exact_sum('coalesce(score * score_1, 0)') }} as score_neighbours_1,
        {{ exact_sum('coalesce(score * score_2, 0)') }} as score_neighbours_2,
        {{ exact_sum('coalesce(score * score_3, 0)') }} as score_neighbours_3
    from lagged
    group by action_id, design

),

fitted as (

    select
        sized.action_id,
        sized.design,
        sized.month_count,
        case when sized.design = 'interrupted_series' then 3 else 2 end as parameter_count,
        trended.effect,
        trended.trend,
        trended.own_step,
        scattered.residual_squares,
        scattered.residual_neighbours / nullif(scattered.residual_squares, 0) as neighbour_share,
        scattered.score_squares,
        scattered.score_neighbours_1,
        scattered.score_neighbours_2,
        scattered.score_neighbours_3,
        -- Newey and West's number of neighbours, 4 · (n / 100) to the power of 2/9: it is never 1.
        case when sized.month_count >= 28 then 3 else 2 end as neighbour_count
    from sized
    inner join trended
        on sized.action_id = trended.action_id and sized.design = trended.design
    inner join scattered
        on sized.action_id = scattered.action_id and sized.design = scattered.design

),

-- Bartlett's weights fall to 0 beyond the last neighbour. Of few residuals the autocorrelation
-- reads too low: what it lacks in the mean is added (M. G. Kendall 1954).
autocorrelated as (

    select
        *,
        least(0.9, greatest(
            0.0,
            neighbour_share + (1 + parameter_count + 3 * neighbour_share) / month_count
        )) as autocorrelation,
        month_count - parameter_count as degrees,
        score_squares
        + 2.0 * neighbour_count / (neighbour_count + 1) * score_neighbours_1
        + 2.0 * (neighbour_count - 1) / (neighbour_count + 1) * score_neighbours_2
        + 2.0 * (neighbour_count - 2) / (neighbour_count + 1) * score_neighbours_3
            as robust_square
    from fitted

),

widened as (

    select
        *,
        case
            when degrees > 0 and residual_squares > 0 then sqrt(greatest(
                robust_square * month_count / degrees,
                residual_squares / degrees / own_step
                * (1 + autocorrelation) / (1 - autocorrelation)
            ))
        end as standard_error,
        {{ t_quantile_95('degrees') }} as quantile
    from autocorrelated

),

-- Did the difference to the others stand still before?
before_means as (

    select
        action_id,
        design,
        count(*) as month_count,
        {{ exact_sum('weight') }} as weight,
        {{ exact_sum('weight * month_at') }} as month_total,
        {{ exact_sum('weight * reading') }} as reading_total
    from weighted
    where design = 'difference_in_differences' and not is_after
    group by action_id, design

),

before_crossed as (

    select
        weighted.action_id,
        weighted.design,
        max(before_means.month_count) - 2 as degrees,
        {{ exact_sum(
            'weighted.weight * (weighted.month_at - before_means.month_total / before_means.weight)'
            ~ ' * (weighted.month_at - before_means.month_total / before_means.weight)'
        ) }} as month_month,
        {{ exact_sum(
            'weighted.weight * (weighted.month_at - before_means.month_total / before_means.weight)'
            ~ ' * (weighted.reading - before_means.reading_total / before_means.weight)'
        ) }} as month_reading,
        {{ exact_sum(
            'weighted.weight * (weighted.reading - before_means.reading_total / before_means.weight)'
            ~ ' * (weighted.reading - before_means.reading_total / before_means.weight)'
        ) }} as reading_reading
    from weighted
    inner join before_means
        on weighted.action_id = before_means.action_id and weighted.design = before_means.design
    where not weighted.is_after
    group by weighted.action_id, weighted.design

),

parallel as (

    select
        action_id,
        design,
        abs(month_reading / nullif(month_month, 0)) <= {{ t_quantile_95('degrees') }} * sqrt(
            greatest(0.0, reading_reading - month_reading * month_reading / nullif(month_month, 0))
            / nullif(degrees, 0) / nullif(month_month, 0)
        ) as is_parallel
    from before_crossed

),

own as (

    select
        readings.action_id,
        readings.design,
        readings.is_after,
        readings.item_weight,
        used.value as own_value,
        case
            when readings.design = 'difference_in_differences' then used.comparison_value
        end as comparison_value
    from readings
    inner join used
        on
            readings.action_id = used.action_id
            and readings.month_offset = used.month_offset

),

described as (

    select
        action_id,
        design,
        {{ exact_sum('case when not is_after then item_weight * own_value end') }}
        / nullif({{ exact_sum('case when not is_after then item_weight end') }}, 0)
            as before_value,
        {{ exact_sum('case when is_after then item_weight * own_value end') }}
        / nullif({{ exact_sum('case when is_after then item_weight end') }}, 0) as after_value,
        {{ exact_sum('case when not is_after then item_weight * comparison_value end') }}
        / nullif({{ exact_sum('case when not is_after then item_weight end') }}, 0)
            as comparison_before_value,
        {{ exact_sum('case when is_after then item_weight * comparison_value end') }}
        / nullif({{ exact_sum('case when is_after then item_weight end') }}, 0)
            as comparison_after_value
    from own
    group by action_id, design

),

left_out as (

    select
        action_id,
        sum(case when phase = 'trigger' then 1 else 0 end) as trigger_count,
        sum(case when phase = 'extreme' then 1 else 0 end) as extreme_count,
        max(compared_member_count) as compared_member_count
    from months
    group by action_id

),

as_of as (

    select last_date from {{ ref('int_kpi_as_of') }}

),

designs as (

    select 'interrupted_series' as design
    union all
    select 'difference_in_differences' as design

),

-- Every measure that is done has a row, be there a single month of its KPI or none.
done as (

    select
        actions.action_id,
        actions.kpi_id,
        actions.segment,
        actions.member,
        actions.site_id,
        actions.product_family,
        actions.channel,
        actions.priority,
        actions.done_date,
        kpis.unit,
        kpis.direction,
        -- Whole months since, of which there may be values.
        {{ month_number('as_of.last_date') }} - {{ month_number('actions.done_date') }}
            as months_since,
        designs.design
    from {{ ref('fct_improvement_actions') }} as actions
    cross join as_of
    inner join {{ ref('dim_kpis') }} as kpis on actions.kpi_id = kpis.kpi_id
    cross join designs
    where actions.done_date is not null

),

bounded as (

    select
        done.*,
        coalesce(sized.before_count, 0) as before_count,
        coalesce(sized.after_count, 0) as after_count,
        coalesce(left_out.trigger_count, 0) as trigger_count,
        coalesce(left_out.extreme_count, 0) as extreme_count,
        case
            when done.design = 'difference_in_differences'
                then coalesce(left_out.compared_member_count, 0)
            else 0
        end as compared_member_count,
        done.design = 'interrupted_series' and seasonal.action_id is not null
            as is_seasonally_adjusted,
        parallel.is_parallel,
        coalesce(sized.before_count, 0) >= {{ least_months_before() }}
        and coalesce(sized.after_count, 0) >= {{ least_months_after() }}
        and widened.standard_error is not null as is_measured,
        described.before_value,
        described.after_value,
        described.comparison_before_value,
        described.comparison_after_value,
        widened.effect,
        widened.trend,
        widened.standard_error,
        widened.autocorrelation,
        widened.quantile
    from done
    left join sized on done.action_id = sized.action_id and done.design = sized.design
    left join widened on done.action_id = widened.action_id and done.design = widened.design
    left join parallel on done.action_id = parallel.action_id and done.design = parallel.design
    left join described on done.action_id = described.action_id and done.design = described.design
    left join left_out on done.action_id = left_out.action_id
    left join seasonal on done.action_id = seasonal.action_id
    where done.design = 'interrupted_series' or sized.action_id is not null

),

ranked as (

    select
        *,
        row_number() over (
            partition by action_id
            order by
                case
                    when
                        design = 'difference_in_differences'
                        and is_measured
                        and coalesce(is_parallel, false)
                        then 0
                    when design = 'interrupted_series' then 1
                    else 2
                end,
                design
        ) as place
    from bounded

),

reasoned as (

    select
        *,
        case
            when is_measured and effect - quantile * standard_error > 0 then 'told'
            when is_measured and effect + quantile * standard_error < 0 then 'told'
            when is_measured then 'within_noise'
            when before_count < {{ least_months_before() }} then 'few_months_before'
            when
                after_count < {{ least_months_after() }}
                and months_since < {{ most_months_after() }}
                then 'too_early'
            when after_count < {{ least_months_after() }} then 'few_months_after'
            else 'no_scatter'
        end as reason
    from ranked

)

select
    action_id,
    design,
    kpi_id,
    segment,
    member,
    site_id,
    product_family,
    channel,
    priority,
    unit,
    place = 1 as is_deciding,
    case
        when reason = 'told' and (effect > 0) = (direction = 'higher') then 'improved'
        when reason = 'told' then 'worsened'
        when reason = 'too_early' then 'too_early'
        else 'not_told'
    end as verdict,
    reason,
    before_value,
    after_value,
    case when is_measured then after_value - effect end as expected_value,
    case when is_measured then effect end as effect,
    case when is_measured then effect - quantile * standard_error end as effect_low,
    case when is_measured then effect + quantile * standard_error end as effect_high,
    case when is_measured then standard_error end as standard_error,
    case when is_measured then autocorrelation end as autocorrelation,
    case when is_measured and design = 'interrupted_series' then trend end as trend,
    comparison_before_value,
    comparison_after_value,
    is_parallel,
    is_seasonally_adjusted,
    cast(before_count as bigint) as before_count,
    cast(after_count as bigint) as after_count,
    cast(trigger_count as bigint) as trigger_count,
    cast(extreme_count as bigint) as extreme_count,
    cast(compared_member_count as bigint) as compared_member_count,
    done_date
from reasoned

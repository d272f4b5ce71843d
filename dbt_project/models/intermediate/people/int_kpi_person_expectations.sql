{%- set stratum_items = 25 -%}
{%- set site_items = 100 -%}
with cells as (

    select * from {{ ref('int_kpi_person_cells') }}
    where eligible_count > 0

),

periods as (

    select * from {{ ref('int_kpi_periods') }}

),

months_in_periods as (

    select
        months.period_start_date as month_start_date,
        periods.period_grain,
        periods.period_start_date
    from periods
    inner join periods as months
        on
            months.period_grain = 'month'
            and periods.period_start_date <= months.period_start_date
            and periods.period_end_date >= months.period_start_date

),

adjusted_kpis as (

    select distinct
        kpi_id,
        period_grain,
        period_start_date,
        kind
    from {{ ref('int_kpi_scorecard_weights') }}
    where is_case_mix_adjusted

),

spread as (

    select
        cells.kpi_id,
        months_in_periods.period_grain,
        months_in_periods.period_start_date,
        adjusted_kpis.kind,
        cells.technician_id,
        cells.site_id,
        cells.product_family,
        cells.issue_family,
        cells.channel,
        sum(cells.numerator) as numerator,
        sum(cells.denominator) as denominator
    from cells
    inner join months_in_periods on cells.month_start_date = months_in_periods.month_start_date
    inner join adjusted_kpis
        on
            cells.kpi_id = adjusted_kpis.kpi_id
            and months_in_periods.period_grain = adjusted_kpis.period_grain
            and months_in_periods.period_start_date = adjusted_kpis.period_start_date
    group by
        cells.kpi_id,
        months_in_periods.period_grain,
        months_in_periods.period_start_date,
        adjusted_kpis.kind,
        cells.technician_id,
        cells.site_id,
        cells.product_family,
        cells.issue_family,
        cells.channel

),

strata as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        product_family,
        issue_family,
        channel,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from spread
    group by kpi_id, period_grain, period_start_date, product_family, issue_family, channel

),

widened as (

    select
        *,
        sum(numerator) over (
            partition by kpi_id, period_grain, period_start_date, product_family, issue_family
        ) as fault_numerator,
        sum(denominator) over (
            partition by kpi_id, period_grain, period_start_date, product_family, issue_family
        ) as fault_denominator,
        sum(numerator) over (partition by kpi_id, period_grain, period_start_date)
            as company_numerator,
        sum(denominator) over (partition by kpi_id, period_grain, period_start_date)
            as company_denominator
    from strata

),

-- The company's mean of product × fault, leant on that of the company by a weight of 25 items, and
-- of product × fault × channel, leant on the former: a stratum with few items says little. 25 items
-- are what strata are worth that differ by a standard deviation of eight points around 80 %.
faults_smoothed as (

    select
        *,
        (
            cast(fault_numerator as double)
            + {{ stratum_items }}
            * cast(company_numerator as double)
            / cast(company_denominator as double)
        ) / (cast(fault_denominator as double) + {{ stratum_items }}) as fault_mean
    from widened

),

strata_smoothed as (

    select
        kpi_id,
        period_grain,
        period_start_date,
        product_family,
        issue_family,
        channel,
        (cast(numerator as double) + {{ stratum_items }} * fault_mean)
        / (cast(denominator as double) + {{ stratum_items }}) as stratum_mean
    from faults_smoothed

),

person_sites as (

    select
        spread.kpi_id,
        spread.period_grain,
        spread.period_start_date,
        spread.kind,
        spread.technician_id,
        spread.site_id,
        sum(spread.numerator) as numerator,
        sum(spread.denominator) as denominator,
        sum(
            cast(
                cast(spread.denominator as double) * strata_smoothed.stratum_mean
                as decimal(38, 9)
            )
        ) as expected
    from spread
    inner join strata_smoothed
        on
            spread.kpi_id = strata_smoothed.kpi_id
            and spread.period_grain = strata_smoothed.period_grain
            and spread.period_start_date = strata_smoothed.period_start_date
            and spread.product_family = strata_smoothed.product_family
            and spread.issue_family = strata_smoothed.issue_family
            and spread.channel = strata_smoothed.channel
    group by
        spread.kpi_id,
        spread.period_grain,
        spread.period_start_date,
        spread.kind,
        spread.technician_id,
        spread.site_id

),

colleagues as (

    select
        *,
        sum(numerator - expected) over (
            partition by kpi_id, period_grain, period_start_date, site_id
        ) - (numerator - expected) as others_excess,
        sum(denominator) over (partition by kpi_id, period_grain, period_start_date, site_id)
        - denominator as others_denominator
    from person_sites

),

-- What the site adds: by how much the colleagues there differ from their own strata. Without the
-- person's own items, else half of what one of two people does would be called the site's doing. A
-- hundred items stand against the chance of few colleagues: sites differ less than cases do.
sited as (

    select
        *,
        cast(expected as double) / cast(denominator as double)
        + case
            when site_id = 'unknown' then 0.0
            else
                cast(others_excess as double)
                / (cast(others_denominator as double) + {{ site_items }})
        end as expected_mean
    from colleagues

)

select
    kpi_id,
    period_grain,
    technician_id,
    cast(sum(numerator) as decimal(38, 4)) as numerator,
    cast(sum(denominator) as decimal(38, 4)) as denominator,
    cast(
        sum(
            cast(
                cast(denominator as double)
                * case
                    when kind = 'ratio' then least(0.999, greatest(0.001, expected_mean))
                    else expected_mean
                end as decimal(38, 9)
            )
        ) as decimal(38, 9)
    ) as expected,
    period_start_date
from sited
group by kpi_id, period_grain, technician_id, period_start_date

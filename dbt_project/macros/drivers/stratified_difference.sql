{#
    A select of the stratified difference of a mean by exposure, one row per `keys` of `relation`, whose rows are items with
    item_id, cluster_id, stratum, exposure (0 or 1, or a step of a ladder) and value.

    Within each stratum items are compared with each other alone, and the strata are weighted by n₁·n₀/(n₁ + n₀) as Mantel and
    Haenszel do (N. Mantel, W. Haenszel 1959, Journal of the National Cancer Institute 22; for differences S. Greenland,
    J. M. Robins 1985, Biometrics 41). It is the coefficient of least squares with one intercept per stratum:

        d = Σ (x − x̄ₛ)(y − ȳₛ) / Σ (x − x̄ₛ)²

    so that its error can be taken from there too, by clusters (K.-Y. Liang, S. L. Zeger 1986, Biometrika 73): the answers
    of one customer are not independent of each other, and a share spreads otherwise near 0 and 1.

        error² = Σ over clusters (Σ (x − x̄ₛ)·e)² / (Σ (x − x̄ₛ)²)² · G/(G − 1) · (n − 1)/(n − S − 1)

    A stratum whose items are all alike exposed compares nothing and is left out. Sums are of decimals: they do not depend
    on the order in which threads add.
#}
{% macro stratified_difference(relation, keys) -%}
    {%- set by = keys | join(', ') -%}
    select
        {{ by }},
        cast(sum(exposed_count) as bigint) as compared_exposed_count,
        cast(sum(item_count - exposed_count) as bigint) as compared_unexposed_count,
        cast(max(stratum_count) as bigint) as stratum_count,
        max(difference) as difference,
        case
            when count(*) > 1 and sum(item_count) > max(stratum_count) + 1 then
                sqrt(
                    cast(sum(cast(score * score as decimal(38, 9))) as double)
                    * count(*) / (count(*) - 1.0)
                    * (sum(item_count) - 1.0) / (sum(item_count) - max(stratum_count) - 1.0)
                ) / max(spread)
        end as error
    from (
        select
            {{ by }},
            cluster_id,
            count(*) as item_count,
            sum(case when exposure > 0 then 1 else 0 end) as exposed_count,
            max(stratum_count) as stratum_count,
            max(covariation / spread) as difference,
            max(spread) as spread,
            cast(sum(cast(
                own_exposure * (own_value - covariation / spread * own_exposure) as decimal(38, 9)
            )) as double) as score
        from (
            select
                *,
                sum(case when position_number = 1 then 1 else 0 end) over (partition by {{ by }}) as stratum_count,
                cast(sum(cast(own_exposure * own_exposure as decimal(38, 9)))
                    over (partition by {{ by }}) as double) as spread,
                cast(sum(cast(own_exposure * own_value as decimal(38, 9)))
                    over (partition by {{ by }}) as double) as covariation
            from (
                select
                    *,
                    exposure - cast(sum(exposure) over (partition by {{ by }}, stratum) as double)
                    / count(*) over (partition by {{ by }}, stratum) as own_exposure,
                    value - cast(sum(cast(value as decimal(18, 4))) over (partition by {{ by }}, stratum) as double)
                    / count(*) over (partition by {{ by }}, stratum) as own_value,
                    min(exposure) over (partition by {{ by }}, stratum)
                    < max(exposure) over (partition by {{ by }}, stratum) as is_compared,
                    row_number() over (partition by {{ by }}, stratum order by item_id) as position_number
                from {{ relation }}
            ) as centred
            where is_compared
        ) as weighed
        group by {{ by }}, cluster_id
    ) as clustered
    group by {{ by }}
{%- endmacro %}

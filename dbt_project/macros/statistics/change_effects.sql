{#
    The change of a total or of a ratio between two periods, split exactly over its segments by midpoints: Bennet's
    decomposition (T. L. Bennet 1920, "The theory of measurement of changes in cost of living", Journal of the Royal
    Statistical Society 83), which is exact, treats both periods alike (swapped, every effect changes its sign and nothing
    else) and leaves no interaction over.

    With volume v, amount c, rate r = c / v of a segment, and volume V, amount C, rate R = C / V of all segments, a mean
    over both periods written as ~:

        c1 − c0 = (v1 − v0) · ~R  +  (v1 − v0) · (~r − ~R)  +  ~v · (r1 − r0)        volume + mix + rate, per segment
        R1 − R0 = Σ (s1 − s0) · (~r − ~R)  +  Σ ~s · (r1 − r0)                       mix + rate, with shares s = v / V

    `weight` below is v for a total and s for a ratio. Volumes all growing alike make no mix; rates that stay make no rate
    effect. A segment without volume in one period takes its rate from the other (`comparable_rate`): its whole amount is
    then volume and mix, and no change of a rate that nobody has seen.
#}

{# The rate of a segment in this period, else in the other one; empty where it has volume in neither. #}
{% macro comparable_rate(amount, volume, other_amount, other_volume) -%}
    case
        when {{ volume }} <> 0 then cast({{ amount }} as double) / cast({{ volume }} as double)
        when {{ other_volume }} <> 0 then cast({{ other_amount }} as double) / cast({{ other_volume }} as double)
    end
{%- endmacro %}

{# What more or less volume makes of the change, at the mean rate of all segments. #}
{% macro volume_effect(volume_before, volume_after, overall_before, overall_after) -%}
    (cast({{ volume_after }} as double) - cast({{ volume_before }} as double))
    * (({{ overall_before }}) + ({{ overall_after }})) / 2
{%- endmacro %}

{# What a shift towards segments that are dearer or cheaper than all makes of the change. #}
{% macro mix_effect(weight_before, weight_after, rate_before, rate_after, overall_before, overall_after) -%}
    (cast({{ weight_after }} as double) - cast({{ weight_before }} as double))
    * ((({{ rate_before }}) + ({{ rate_after }})) / 2 - (({{ overall_before }}) + ({{ overall_after }})) / 2)
{%- endmacro %}

{# What another rate of the segment makes of the change. #}
{% macro rate_effect(weight_before, weight_after, rate_before, rate_after) -%}
    (cast({{ weight_before }} as double) + cast({{ weight_after }} as double)) / 2
    * (({{ rate_after }}) - ({{ rate_before }}))
{%- endmacro %}

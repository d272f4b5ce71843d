{#
    Whole seconds of business time from one instant to a later one, negative where it is earlier; rounded down like
    seconds_between. The aliases were joined with their instants by join_open_hours, both for the same calendar.
#}
{% macro business_seconds_between(from_alias, from_instant, to_alias, to_instant) -%}
    {{ return(adapter.dispatch('business_seconds_between')(from_alias, from_instant, to_alias, to_instant)) }}
{%- endmacro %}

{% macro default__business_seconds_between(from_alias, from_instant, to_alias, to_instant) -%}
    cast(floor(
        (({{ open_us_at(to_alias, to_instant) }}) - ({{ open_us_at(from_alias, from_instant) }})) / 1000000
    ) as bigint)
{%- endmacro %}

{#
    The same where the end is not before the start, else empty, like elapsed_seconds: a fault in the data is a fault too
    where both instants lie outside opening hours and the business time between them is 0.
#}
{% macro business_seconds(from_alias, from_instant, to_alias, to_instant) -%}
    case
        when {{ to_instant }} >= {{ from_instant }}
            then {{ business_seconds_between(from_alias, from_instant, to_alias, to_instant) }}
    end
{%- endmacro %}

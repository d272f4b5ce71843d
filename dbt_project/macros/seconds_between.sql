{#
    Whole seconds from one UTC timestamp to a later one, negative where it is earlier; rounded down, so that a fraction of
    a second too late is -1 and never 0. date_diff would count the second boundaries crossed instead.
#}
{% macro seconds_between(start_at, end_at) -%}
    {{ return(adapter.dispatch('seconds_between')(start_at, end_at)) }}
{%- endmacro %}

{% macro default__seconds_between(start_at, end_at) -%}
    cast(floor((epoch_us({{ end_at }}) - epoch_us({{ start_at }})) / 1000000) as bigint)
{%- endmacro %}

{% macro spark__seconds_between(start_at, end_at) -%}
    cast(floor((unix_micros({{ end_at }}) - unix_micros({{ start_at }})) / 1000000) as bigint)
{%- endmacro %}

{# The same where the end is not before the start, else empty: a fault in the data is never clipped to 0. #}
{% macro elapsed_seconds(start_at, end_at) -%}
    case when {{ end_at }} >= {{ start_at }} then {{ seconds_between(start_at, end_at) }} end
{%- endmacro %}

{# The same with its milliseconds. #}
{% macro elapsed_exact_seconds(start_at, end_at) -%}
    {{ return(adapter.dispatch('elapsed_exact_seconds')(start_at, end_at)) }}
{%- endmacro %}

{% macro default__elapsed_exact_seconds(start_at, end_at) -%}
    case
        when {{ end_at }} >= {{ start_at }}
            then cast((epoch_ms({{ end_at }}) - epoch_ms({{ start_at }})) / 1000 as decimal(18, 3))
    end
{%- endmacro %}

{% macro spark__elapsed_exact_seconds(start_at, end_at) -%}
    case
        when {{ end_at }} >= {{ start_at }}
            then cast((unix_millis({{ end_at }}) - unix_millis({{ start_at }})) / 1000 as decimal(18, 3))
    end
{%- endmacro %}

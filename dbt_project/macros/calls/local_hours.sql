{# The UTC instant at which the company's local hour of a UTC timestamp began; the two hours of a clock set back stay two. #}
{% macro local_hour_start(timestamp_expression) -%}
    {{ return(adapter.dispatch('local_hour_start')(timestamp_expression)) }}
{%- endmacro %}

{% macro default__local_hour_start(timestamp_expression) -%}
    {{ timestamp_expression }} - (
        {{ local_time(timestamp_expression) }} - date_trunc('hour', {{ local_time(timestamp_expression) }})
    )
{%- endmacro %}

{# The company's local clock time of a UTC timestamp. #}
{% macro local_time(timestamp_expression) -%}
    {{ return(adapter.dispatch('local_time')(timestamp_expression)) }}
{%- endmacro %}

{% macro default__local_time(timestamp_expression) -%}
    timezone('{{ company_time_zone() }}', timezone('UTC', {{ timestamp_expression }}))
{%- endmacro %}

{% macro spark__local_time(timestamp_expression) -%}
    from_utc_timestamp({{ timestamp_expression }}, '{{ company_time_zone() }}')
{%- endmacro %}

{# A select list entry that makes one row per hour from `first_hour` on that begins before `until`. #}
{% macro list_hours(first_hour, until) -%}
    {{ return(adapter.dispatch('list_hours')(first_hour, until)) }}
{%- endmacro %}

{% macro default__list_hours(first_hour, until) -%}
    unnest(range({{ first_hour }}, {{ until }}, interval 1 hour))
{%- endmacro %}

{% macro spark__list_hours(first_hour, until) -%}
    explode(if(
        {{ first_hour }} < {{ until }},
        sequence({{ first_hour }}, {{ until }} - interval 1 microsecond, interval 1 hour),
        array()
    ))
{%- endmacro %}

{# A timestamp so many seconds later, to the millisecond. #}
{% macro add_exact_seconds(timestamp_expression, seconds) -%}
    {{ return(adapter.dispatch('add_exact_seconds')(timestamp_expression, seconds)) }}
{%- endmacro %}

{% macro default__add_exact_seconds(timestamp_expression, seconds) -%}
    {{ timestamp_expression }} + to_milliseconds(cast({{ seconds }} * 1000 as bigint))
{%- endmacro %}

{% macro spark__add_exact_seconds(timestamp_expression, seconds) -%}
    timestamp_micros(unix_micros({{ timestamp_expression }}) + cast(({{ seconds }}) * 1000 as bigint) * 1000)
{%- endmacro %}

{# Seconds of an interval that lie in the hour that begins at `hour_at`. #}
{% macro seconds_in_hour(start_at, end_at, hour_at) -%}
    {{ elapsed_exact_seconds(
        'greatest(' ~ start_at ~ ', ' ~ hour_at ~ ')',
        'least(' ~ end_at ~ ', ' ~ add_seconds(hour_at, 3600) ~ ')'
    ) }}
{%- endmacro %}

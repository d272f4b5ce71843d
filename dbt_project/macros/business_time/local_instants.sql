{#
    A query of (time_zone, local_at, instant_at): for each distinct pair of the relation, the first instant, in UTC, at
    which the clock of the zone shows the local time or a later one.

    This one rule decides the days on which clocks are changed. A time that is skipped (02:30 where 02:00 becomes 03:00)
    is the instant of the change. A time that comes twice is its first coming. Instants keep the order of local times,
    so openings can neither overlap nor turn round by it.
#}
{% macro local_instants(relation) -%}
    {{ return(adapter.dispatch('local_instants')(relation)) }}
{%- endmacro %}

{% macro default__local_instants(relation) -%}
    -- The engine takes the last of two comings, and moves a skipped time on by what was skipped.
    with guessed as (
        select
            time_zone,
            local_at,
            timezone('UTC', timezone(time_zone, local_at)) as guess_at,
            -- Read with the zone's offset of the day before: the first coming of a time that comes twice.
            timezone('UTC', timezone(time_zone, local_at - interval 1 day)) + interval 1 day as earlier_at
        from (select distinct time_zone, local_at from {{ relation }})
    ),

    read_back as (
        select
            *,
            timezone(time_zone, timezone('UTC', guess_at)) as guess_local_at,
            timezone(time_zone, timezone('UTC', earlier_at)) as earlier_local_at
        from guessed
    ),

    skipped_seconds as (
        select
            time_zone,
            local_at,
            unnest(generate_series(
                least(guess_at, guess_at + (local_at - guess_local_at)),
                greatest(guess_at, guess_at + (local_at - guess_local_at)),
                interval 1 second
            )) as second_at
        from read_back
        where guess_local_at <> local_at
    ),

    skipped as (
        select
            time_zone,
            local_at,
            min(second_at) as instant_at
        from skipped_seconds
        where timezone(time_zone, timezone('UTC', second_at)) >= local_at
        group by time_zone, local_at
    )

    select
        read_back.time_zone,
        read_back.local_at,
        coalesce(
            skipped.instant_at,
            case
                when read_back.earlier_local_at = read_back.local_at and read_back.earlier_at < read_back.guess_at
                    then read_back.earlier_at
                else read_back.guess_at
            end
        ) as instant_at
    from read_back
    left join skipped on read_back.time_zone = skipped.time_zone and read_back.local_at = skipped.local_at
{%- endmacro %}

{% macro spark__local_instants(relation) -%}
    -- The engine takes the first of two comings, and moves a skipped time on by what was skipped.
    with guessed as (
        select
            time_zone,
            local_at,
            to_utc_timestamp(local_at, time_zone) as guess_at,
            from_utc_timestamp(to_utc_timestamp(local_at, time_zone), time_zone) as guess_local_at
        from (select distinct time_zone, local_at from {{ relation }})
    ),

    skipped_seconds as (
        select
            time_zone,
            local_at,
            explode(sequence(guess_at - (guess_local_at - local_at), guess_at, interval 1 second)) as second_at
        from guessed
        where guess_local_at <> local_at
    ),

    skipped as (
        select
            time_zone,
            local_at,
            min(second_at) as instant_at
        from skipped_seconds
        where from_utc_timestamp(second_at, time_zone) >= local_at
        group by time_zone, local_at
    )

    select
        guessed.time_zone,
        guessed.local_at,
        coalesce(skipped.instant_at, guessed.guess_at) as instant_at
    from guessed
    left join skipped on guessed.time_zone = skipped.time_zone and guessed.local_at = skipped.local_at
{%- endmacro %}

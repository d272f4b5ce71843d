{#
    A column of personal data as the company's profile lets it be published: staging passes each through here, and nothing
    after staging reads the landed feeds, so what is dropped here is in no model, no message and no published file.

    clear: as it is. masked: of a text the first character, of a free text all but what looks like an e-mail address or a
    long number, of a coordinate hundredths of a degree (about a kilometre). hashed: a keyed hash, equal for equal values,
    so that joins hold; numbers cannot be hashed. dropped: null.
#}
{% macro protect_column(column, type, personal_class) -%}
    {%- set treatment = treatment_of(personal_class) -%}
    {%- if treatment == 'clear' -%}
        cast({{ column }} as {{ type }})
    {%- elif treatment == 'masked' and personal_class == 'free_text' -%}
        {{ mask_free_text(column) }}
    {%- elif treatment == 'masked' and type == 'varchar' -%}
        left({{ column }}, 1) || '***'
    {%- elif treatment == 'masked' -%}
        cast(round({{ column }}, 2) as {{ type }})
    {%- elif treatment == 'hashed' and type == 'varchar' -%}
        {{ pseudonym(column) }}
    {%- else -%}
        cast(null as {{ type }})
    {%- endif -%}
{%- endmacro %}

{# What the profile says of a class. The build hands it over; without a build, the defaults of a profile that says nothing. #}
{% macro treatment_of(personal_class) -%}
    {%- set said = said_by_build(
        'AFTERSALES_PRIVACY',
        'direct=dropped indirect=masked free_text=dropped staff=dropped customer_key=clear staff_key=clear'
    ) -%}
    {%- set found = namespace(treatment='dropped') -%}
    {%- for pair in said.split(' ') if pair.split('=')[0] == personal_class -%}
        {%- set found.treatment = pair.split('=')[1] -%}
    {%- endfor -%}
    {{ return(found.treatment) }}
{%- endmacro %}

{# E-mail addresses, and numbers of seven digits and more with what stands between their digits. Names stay. #}
{% macro mask_free_text(text) -%}
    regexp_replace(
        regexp_replace({{ text }}, '[^\s@<>()，。；：]+@[^\s@<>()，。；：]+', '***', 'g'),
        '[+(]?[0-9](?:[ ()./-]{0,3}[0-9]){6,}[Xx]?', '***', 'g'
    )
{%- endmacro %}

{#
    HMAC-SHA-256 of a text under the salt, its first 128 bits in hexadecimal. The two halves of the key are variables of the
    connection (orchestration/dbt_pseudonyms.py): the salt stands in no SQL, no file and no log.
#}
{% macro pseudonym(text) -%}
    {{ return(adapter.dispatch('pseudonym')(text)) }}
{%- endmacro %}

{% macro default__pseudonym(text) -%}
    left(sha256(
        cast(getvariable('pseudonym_outer') as blob)
        || unhex(sha256(cast(getvariable('pseudonym_inner') as blob) || encode({{ text }})))
    ), 32)
{%- endmacro %}

{# A function of the session that holds the key. #}
{% macro spark__pseudonym(text) -%}
    pseudonym({{ text }})
{%- endmacro %}

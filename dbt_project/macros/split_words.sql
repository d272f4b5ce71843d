{# A select list entry that makes one row per word of a text; words are separated by one character. #}
{% macro split_words(text, separator=' ') -%}
    {{ return(adapter.dispatch('split_words')(text, separator)) }}
{%- endmacro %}

{% macro default__split_words(text, separator) -%}
    unnest(string_split({{ text }}, '{{ separator }}'))
{%- endmacro %}

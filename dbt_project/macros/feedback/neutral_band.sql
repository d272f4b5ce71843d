{# A score of a comment nearer to 0 than this is neutral: neither side prevails. Set before anything was measured. #}
{% macro neutral_band() -%}
    0.2
{%- endmacro %}

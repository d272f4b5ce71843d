{# A share of few drawn towards that of all, as if some more had been as all are: an empirical Bayes estimate with a
   fixed weight. #}
{% macro shrunk_share(count_of, count_in, all_of, all_in, weight=20) -%}
    (
        {{ count_of }} + {{ weight }} * coalesce({{ all_of }} / nullif({{ all_in }}, 0), 0)
    ) / ({{ count_in }} + {{ weight }})
{%- endmacro %}

{#
    clamp((value − worst)/(best − worst), 0, 1): 0 at worst, 1 at best, whichever of the two is the larger number.
    Empty where value, worst or best is, or where worst = best.
#}
{% macro score_between(value, worst, best) -%}
    case
        when {{ value }} is not null and {{ worst }} is not null and {{ best }} is not null and {{ worst }} <> {{ best }}
            then least(1.0, greatest(0.0, ({{ value }} - {{ worst }}) / ({{ best }} - {{ worst }})))
    end
{%- endmacro %}

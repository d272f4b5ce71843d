{#
    Great-circle distance in km between two points in degrees, by the haversine formula on a sphere of the mean earth radius
    6371.0088 km (IUGG): within 0.5 % of the ellipsoid. Roads are longer.
#}
{% macro great_circle_km(latitude, longitude, other_latitude, other_longitude) -%}
    2 * 6371.0088 * asin(least(1.0, sqrt(
        power(sin(radians({{ other_latitude }} - {{ latitude }}) / 2), 2)
        + cos(radians({{ latitude }})) * cos(radians({{ other_latitude }}))
        * power(sin(radians({{ other_longitude }} - {{ longitude }}) / 2), 2)
    )))
{%- endmacro %}

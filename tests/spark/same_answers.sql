-- Each query has the same answer on DuckDB and, translated, on Spark. A comment begins and names a query.

-- decimals are divided as doubles
select cast(1 as decimal(18, 4)) / cast(3 as decimal(18, 4)) / 7

-- whole numbers are too
select 7 / 2, (1 + 2) / (5 / 2)

-- an average is a double
select avg(cast(n as decimal(18, 4)) / 3), avg(cast(n as decimal(18, 4))) from (values (1, 'b'), (2, null),
(3, 'a'), (4, 'B')) as t (n, v)

-- products of decimals keep their scale
select cast('123456789012.3456' as decimal(38, 4)) * cast('2.0001' as decimal(18, 4))

-- a double becomes the nearest whole number
select cast(cast(2.6 as double) as bigint), cast(cast(-2.6 as double) as bigint), cast(cast(2.5 as decimal(9, 1)) as bigint)

-- texts become whole numbers
select cast(substr('0907', 1, 2) as integer), try_cast('' as integer)

-- a double is multiplied, then rounded
select round(cast(1.005 as double), 2), round(cast(2.5 as double))

-- shares are rounded alike
select cast(round(cast(n as double) / 7 * 0.12345, 4) as decimal(18, 4)) from (values (1, 'b'), (2, null), 
(3, 'a'), (4, 'B')) as t (n, v)

-- a double becomes a decimal
select cast(cast(n as double) / 3 as decimal(18, 4)) from (values (1, 'b'), (2, null), (3, 'a'), (4, 'B')) as
t (n, v)

-- nulls come last, either way
select string_agg(coalesce(v, '-'), ' ' order by v), string_agg(coalesce(v, '-'), ' ' order by v desc) from (values (1, 'b'), (2, null), (3, 'a'), (4, 'B')) as t (n, v)

-- windows order nulls alike
select n, row_number() over (order by v) from (values (1, 'b'), (2, null), (3, 'a'), (4, 'B')) as t (n, v)
order by n

-- rows are qualified
select n from (values (1, 'b'), (2, null), (3, 'a'), (4, 'B')) as t (n, v) qualify row_number() over (order by
n desc) = 1

-- the last that is not empty
select n, last_value(v ignore nulls) over (order by n rows between unbounded preceding and current row) from
(values (1, 'b'), (2, null), (3, 'a'), (4, 'B')) as t (n, v) order by n

-- a recursion that counts rows
with recursive a as (select row_number() over (order by n) as r from (values (1, 'b'), (2, null), (3, 'a'),
(4, 'B')) as t (n, v) union all select r + cast(10 as bigint) as r from a where r < 30) select r from a order
by r

-- instants have no zone
select cast('2026-03-29 02:30:00' as timestamp) + interval 1 hour, date_trunc('hour', 
timestamp '2026-03-29 02:30:00.123456')

-- months are added
select cast(date '2026-01-31' + interval 1 month as date), cast(date_trunc('quarter', date '2026-05-06') as
date), extract(week from date '2027-01-01')

-- months are counted
select date_diff('month', date '2026-01-01', date '2027-03-01'), date_diff('day', date '2026-02-27', date
'2026-03-02')

-- only some are aggregated
select count(*) filter (where n > 2), min_by(v, n) filter (where n > 2), bool_or(n > 3), bool_and(n > 1) from
(values (1, 'b'), (2, null), (3, 'a'), (4, 'B')) as t (n, v)

-- least and greatest pass over nulls
select least(null, 2, 1), greatest(2, null), concat_ws(',', null, 'a')

-- lists
select list_contains(['a'] || ['b'], 'b'), list_contains(['a'], 'c')

-- words
select unnest(string_split('a b|c', ' ')) as word

-- patterns
select regexp_replace('it''s me@example.com, call +86 10-1234 5678', '[^\s@<>()，。；：]+@[^\s@<>()，。；：]+', '***', 'g'),
        regexp_replace('call +86 10-1234 5678x', '[+(]?[0-9](?:[ ()./-]{0,3}[0-9]){6,}[Xx]?', '***', 'g')

-- unlike, nulls too
select null is distinct from 1, null is not distinct from null

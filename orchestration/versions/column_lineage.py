"""Which columns a number depends on, by the compiled SQL of the models: through their common table expressions, joins,
filters and groupings, up to the feeds.

A column depends on the columns in its expression and on the rows of its select; those depend on filters, joins,
groupings, distinct. Three rules keep it from saying "everything depends on everything":

- Rows that can only have another value are left out: the branch that calls its rows by another KPI's id, the half of a
  union that is about another metric than the one that is joined.
- A left join that finds at most one row (its right side is unique in the joined columns, by the models' own tests, its
  grouping or its numbering) keeps the rows as they are: it matters to the columns that it gives.
- A KPI's cells add up over their segments: grouping rows of KPIs by a segment decides which segment a row falls into,
  not what all of them add up to.

What cannot be read depends on every column of what it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, traverse_scope

# (schema, table).
Relation = tuple[str, str]
# Database → schema → table → column → type.
Shapes = Mapping[str, Mapping[str, Mapping[str, Mapping[str, str]]]]

# Stands for which rows there are, where a column's name is expected.
ROWS = "*"
# Rows that have this column are rows of KPIs, and split by these into segments, or further in other marts.
_KPI = "kpi_id"
_SPLITS = frozenset(
    {"site_id", "region", "product_family", "channel", "priority", "issue_family", "technician_id"}
)

Place = Relation | int
Values = frozenset[str]
# What the columns of the rows that matter may be; empty where all rows matter.
Given = frozenset[tuple[str, Values]]
_ANY: Given = frozenset()


@dataclass(frozen=True)
class _Reference:
    """A column of a source of a select, by the source's alias."""

    alias: str
    column: str


@dataclass
class _Select:
    """What a select takes from where. `joined`: of sources that keep the rows as they are, what they are joined by;
    `deciding`: what decides which rows there are; `fixed`: what the clauses say a column is; `equal`: columns that are
    equal in every row, and whether the first follows from the second too; `keys`: what rows are unique by."""

    sources: dict[str, Place] = field(default_factory=dict)
    outputs: dict[str, set[_Reference]] = field(default_factory=dict)
    expressions: dict[str, exp.Expr] = field(default_factory=dict)
    joined: dict[str, set[_Reference]] = field(default_factory=dict)
    deciding: set[_Reference] = field(default_factory=set)
    fixed: dict[_Reference, Values] = field(default_factory=dict)
    equal: list[tuple[_Reference, _Reference, bool]] = field(default_factory=list)
    keys: list[frozenset[str]] = field(default_factory=list)


@dataclass
class _Union:
    """Selects whose rows are united, with the names of their columns in order of place."""

    branches: list[int]
    columns: list[list[str]]
    is_distinct: bool

    def name_in(self, position: int, column: str) -> str:
        """What a branch calls a column of the union."""
        first, own = self.columns[0], self.columns[position]
        return own[first.index(column)] if column in first else column


# A column of a place, or ROWS; which of its rows matter; the dimension that it stands for.
_Need = tuple[Place, str, Given, Relation | None]


class ColumnLineage:
    """The selects of every model, linked."""

    def __init__(
        self,
        models: Mapping[Relation, str],
        shapes: Shapes,
        keys: Mapping[Relation, Sequence[frozenset[str]]],
        dimensions: Mapping[Relation, frozenset[Relation]],
        parents: Mapping[Relation, Sequence[Relation]],
    ) -> None:
        """Read `models`, the compiled SQL of each after those that it reads. `shapes`: the columns of all that is read.
        `keys`: what relations are unique by. `dimensions`: models that gather members from anywhere, with the inputs
        that tell of the members. `parents`: what each model reads, for those that cannot be read themselves."""
        self._columns_of = {
            (schema, table): tuple(columns)
            for schemas in shapes.values()
            for schema, tables in schemas.items()
            for table, columns in tables.items()
        }
        self.keys = keys
        self._dimensions = dimensions
        self._parents = parents
        self._roots: dict[Relation, int] = {}
        self._selects: dict[int, _Select | _Union] = {}
        self._numbers: dict[int, int] = {}
        self._trees: list[exp.Expr] = []
        self._constant: dict[tuple[Place, str], bool] = {}
        self._told_of: dict[tuple[int, Given], dict[_Reference, Values] | None] = {}
        self._values_in: dict[tuple[Place, str, Given], Values | None] = {}
        # What could not be told: models whose SQL could not be read, left joins that may find several rows.
        self.unread: list[Relation] = []
        self.widening: list[str] = []
        for relation, sql in models.items():
            try:
                tree = qualify(
                    parse_one(sql, dialect="duckdb"), dialect="duckdb", schema=dict(shapes), quote_identifiers=False
                )
                scopes = list(traverse_scope(tree))
            except SqlglotError:
                self.unread.append(relation)
                continue
            self._trees.append(tree)  # expressions are known by their address: they must live as long
            for scope in scopes:
                self._numbers[id(scope.expression)] = len(self._numbers)
            for scope in scopes:
                self._selects[self.number(scope)] = self._read(relation, scope)
            self._roots[relation] = self.number(scopes[-1])

    def inputs(self, start: Relation, columns: Iterable[str], kpi: str) -> set[tuple[Relation, str]]:
        """Every column of a relation on the way from `columns` of the rows of `kpi` in `start` to the feeds; (relation,
        ROWS) where it depends on which rows there are."""
        found: set[tuple[Relation, str]] = set()
        given: Given = frozenset([(_KPI, frozenset([kpi]))])
        pending: list[_Need] = [(start, column, given, None) for column in columns]
        seen: set[_Need] = set(pending)
        while pending:
            need = pending.pop()
            place, column, _, dimension = need
            is_told = dimension is None or place == dimension
            if isinstance(place, tuple) and (is_told or (dimension and place in self._dimensions[dimension])):
                found.add((place, column))
            for further in self._behind(need):
                if further not in seen:
                    seen.add(further)
                    pending.append(further)
        return found

    def number(self, scope: Scope) -> int:
        """The number by which the select of a scope is known."""
        return self._numbers[id(scope.expression)]

    def knows(self, scope: Scope) -> bool:
        """Whether the scope is a select that has been seen: a recursion refers to itself by a copy that is not."""
        return id(scope.expression) in self._numbers

    def columns(self, place: Place) -> Sequence[str]:
        """The names of a place's columns, in order."""
        if isinstance(place, tuple):
            return self._columns_of.get(place, ())
        select = self._selects.get(place)
        return [] if select is None else select.columns[0] if isinstance(select, _Union) else list(select.outputs)

    def unique_by(self, place: Place | None) -> Sequence[frozenset[str]]:
        """Every set of columns by which the rows of a place are known to be unique."""
        if isinstance(place, tuple):
            return self.keys.get(place) or self.unique_by(self._roots.get(place))
        select = None if place is None else self._selects.get(place)
        return select.keys if isinstance(select, _Select) else []

    def _read(self, relation: Relation, scope: Scope) -> _Select | _Union:
        expression = scope.expression
        if isinstance(expression, exp.SetOperation):
            branches = [self.number(branch) for branch in scope.set_operation_scopes]
            is_distinct = bool(expression.args.get("distinct")) or not isinstance(expression, exp.Union)
            return _Union(branches, [list(self.columns(branch)) for branch in branches], is_distinct)
        return _Reader(self, relation, scope, expression).read() if isinstance(expression, exp.Select) else _Select()

    def _behind(self, need: _Need) -> Iterator[_Need]:
        place, column, given, dimension = need
        if column != ROWS:
            yield place, ROWS, given, dimension
        if isinstance(place, tuple):
            if dimension is None and place in self._dimensions:
                dimension = place
            if place in self._roots:
                yield self._roots[place], column, given, dimension
            elif place in self._parents:
                for parent in self._parents[place]:
                    yield from ((parent, each, _ANY, dimension) for each in (ROWS, *self.columns(parent)))
            return
        select = self._selects[place]
        if isinstance(select, _Union):
            for position, branch in enumerate(select.branches):
                own = self._useful(branch, ((select.name_in(position, name), values) for name, values in given))
                wanted = select.columns[position] if column == ROWS and select.is_distinct else []
                for name in (*wanted, column):
                    yield branch, select.name_in(position, name) if name == column else name, own, dimension
            return
        if (place, given) not in self._told_of:
            self._told_of[place, given] = self._told(select, given)
        told = self._told_of[place, given]
        if told is None:
            return
        pending = set(select.deciding) if column == ROWS else set(select.outputs.get(column, ()))
        references: set[_Reference] = set()
        while pending:
            reference = pending.pop()
            if reference not in references:
                references.add(reference)
                pending |= select.joined.get(reference.alias, set())
        for reference in references:
            own = self._given(select, reference.alias, told)
            yield select.sources[reference.alias], reference.column, own, dimension

    def _told(self, select: _Select, given: Given) -> dict[_Reference, Values] | None:
        """What the columns of the sources may be, for the rows of a select that matter; None where it has none."""
        told = dict(select.fixed)
        for name, values in given:
            expression = select.expressions.get(name)
            if expression is None:
                continue
            possible = self._values_of(select, expression, {})
            if possible is not None and not possible & values:
                return None
            for reference in _passed(select, expression):
                told[reference] = told.get(reference, values) & values
        for _ in range(len(select.equal)):
            before = dict(told)
            for left, right, is_mutual in select.equal:
                for one, other in ((left, right), (right, left))[: 2 if is_mutual else 1]:
                    if (values := self._values_told(select, one, told)) is not None:
                        told[other] = told.get(other, values) & values
            if told == before:
                break
        mattering = {reference.alias for reference in select.deciding}
        if any(not values and reference.alias in mattering for reference, values in told.items()):
            return None
        return told

    def _values_told(
        self, select: _Select, reference: _Reference, told: Mapping[_Reference, Values]
    ) -> Values | None:
        if reference in told:
            return told[reference]
        given = self._given(select, reference.alias, told)
        return self._values(select.sources[reference.alias], reference.column, given) if given else None

    def _given(self, select: _Select, alias: str, told: Mapping[_Reference, Values]) -> Given:
        return self._useful(
            select.sources[alias], ((each.column, values) for each, values in told.items() if each.alias == alias)
        )

    def _useful(self, place: Place, given: Iterable[tuple[str, Values]]) -> Given:
        """Of what is given of a place, what may leave out some of its rows."""
        return frozenset((column, values) for column, values in given if self._has_constants(place, column))

    def _has_constants(self, place: Place, column: str) -> bool:
        """Whether the SQL behind a column names a constant that it may be."""
        if (place, column) not in self._constant:
            self._constant[place, column] = False  # of a place that leads back to itself
            self._constant[place, column] = self._find_constants(place, column)
        return self._constant[place, column]

    def _find_constants(self, place: Place, column: str) -> bool:
        if isinstance(place, tuple):
            return place in self._roots and self._has_constants(self._roots[place], column)
        select = self._selects[place]
        if isinstance(select, _Union):
            return any(
                self._has_constants(branch, select.name_in(position, column))
                for position, branch in enumerate(select.branches)
            )
        value = select.expressions.get(column)
        while isinstance(value, exp.Cast):
            value = value.this
        if isinstance(value, exp.Column):
            return value.table in select.sources and self._has_constants(select.sources[value.table], value.name)
        return isinstance(value, exp.Literal | exp.Case | exp.Coalesce)

    def _values(self, place: Place, column: str, given: Given) -> Values | None:
        """The constants that a column may be, where its SQL names them; None where it may be anything."""
        key = (place, column, given)
        if key not in self._values_in:
            self._values_in[key] = self._find_values(place, column, given)
        return self._values_in[key]

    def _find_values(self, place: Place, column: str, given: Given) -> Values | None:
        if isinstance(place, tuple):
            return self._values(self._roots[place], column, given) if place in self._roots else None
        select = self._selects[place]
        if isinstance(select, _Union):
            found: Values = frozenset()
            for position, branch in enumerate(select.branches):
                own = self._useful(branch, ((select.name_in(position, name), values) for name, values in given))
                values = self._values(branch, select.name_in(position, column), own)
                if values is None:
                    return None
                found |= values
            return found
        if column not in select.expressions:
            return None
        told = dict(select.fixed)
        for name, values in given:
            expression = select.expressions.get(name)
            if expression is not None:
                possible = self._values_of(select, expression, {})
                if possible is not None and not possible & values:
                    return frozenset()
                for reference in _passed(select, expression):
                    told[reference] = told.get(reference, values) & values
        return self._values_of(select, select.expressions[column], told)

    def _values_of(self, select: _Select, value: exp.Expr, told: Mapping[_Reference, Values]) -> Values | None:
        results: list[exp.Expr]
        if isinstance(value, exp.Literal):
            return frozenset([value.name])
        if isinstance(value, exp.Null):
            return frozenset()
        if isinstance(value, exp.Cast):
            return self._values_of(select, value.this, told)
        if isinstance(value, exp.Column) and value.table in select.sources:
            reference = _Reference(value.table, value.name)
            listed = told.get(reference, select.fixed.get(reference))
            given = self._given(select, value.table, told)
            found = self._values(select.sources[value.table], value.name, given)
            return listed if found is None else found if listed is None else found & listed
        if isinstance(value, exp.Case):
            results = [branch.args["true"] for branch in value.args["ifs"]]
            results += [value.args["default"]] if value.args.get("default") is not None else []
        elif isinstance(value, exp.Coalesce):
            results = [value.this, *value.expressions]
        else:
            return None
        union: Values = frozenset()
        for result in results:
            values = self._values_of(select, result, told)
            if values is None:
                return None
            union |= values
        return union


class _Reader:
    """Reads one select."""

    def __init__(self, lineage: ColumnLineage, relation: Relation, scope: Scope, expression: exp.Select) -> None:
        self._lineage = lineage
        self._relation = relation
        self._scope = scope
        self._expression = expression
        self._select = _Select()
        self._subqueries = {id(inner.expression): inner for inner in scope.subquery_scopes}

    def read(self) -> _Select:
        """Return what the select takes from where."""
        select, expression = self._select, self._expression
        for alias, (_, source) in self._scope.selected_sources.items():
            if isinstance(source, exp.Table):
                select.sources[alias] = (source.db, source.name)
            elif self._lineage.knows(source):
                select.sources[alias] = self._lineage.number(source)
        for projection in expression.selects:
            select.outputs[projection.alias_or_name] = self._references(projection)
            select.expressions[projection.alias_or_name] = projection.unalias()
        start = expression.args.get("from_")
        if start is not None:
            self._decide_by_source(start.this)
        is_tested = self._is_tested_unique()
        # In a list, and not in a generator: every join is to be read.
        is_kept = all([self._read_join(join, is_tested) for join in expression.args.get("joins") or []])
        for condition in _conditions(expression.args.get("where")):
            self._learn(condition, None)
        for clause in ("where", "having", "qualify"):
            select.deciding |= self._references(expression.args.get(clause))
        if expression.args.get("limit") is not None:
            select.deciding |= self._references(expression.args.get("order"))
        for projection in expression.selects:
            if projection.find(exp.Explode, exp.Unnest):
                select.deciding |= select.outputs[projection.alias_or_name]
        grouping = self._references(expression.args.get("group"))
        if expression.args.get("distinct") is not None:
            grouping |= {reference for references in select.outputs.values() for reference in references}
        splits = _SPLITS if _KPI in select.outputs else frozenset[str]()
        select.deciding |= {reference for reference in grouping if reference.column not in splits}
        select.keys = list(self._keys(is_kept))
        return select

    def _read_join(self, join: exp.Join, is_tested: bool) -> bool:
        """Note what a join decides, and say whether it finds at most one row for each on its left side."""
        alias, conditions = join.alias_or_name, _conditions(join.args.get("on"))
        by = self._references(join.args.get("on"))
        equal = {
            side.name
            for condition in conditions
            if isinstance(condition, exp.EQ)
            for side in (condition.this, condition.expression)
            if isinstance(side, exp.Column) and side.table == alias
        }
        is_unique = any(key <= equal for key in self._lineage.unique_by(self._select.sources.get(alias)))
        is_one = join.side != "FULL" and (is_tested or is_unique or join.method == "ASOF")
        if join.side != "FULL":
            for condition in conditions:
                self._learn(condition, alias if join.side == "LEFT" else None)
        if join.side == "LEFT" and is_one and alias in self._select.sources:
            self._select.joined[alias] = by
            return True
        if join.side == "LEFT":
            self._lineage.widening.append(f"{'.'.join(self._relation)}: {join.sql()}")
        self._select.deciding |= by
        self._decide_by_source(join.this)
        return is_one

    def _decide_by_source(self, source: exp.Expr) -> None:
        if source.alias_or_name in self._select.sources:
            self._select.deciding.add(_Reference(source.alias_or_name, ROWS))
        else:
            self._select.deciding |= self._references(source)

    def _learn(self, condition: exp.Expr, only: str | None) -> None:
        """Note what a condition says a column is, of the source `only` where rows without a partner are kept."""
        one, other = condition.this, condition.expression
        if isinstance(condition, exp.In) and isinstance(one, exp.Column):
            constants = condition.expressions
        elif isinstance(condition, exp.EQ) and isinstance(one, exp.Column) and isinstance(other, exp.Literal):
            constants = [other]
        elif isinstance(condition, exp.EQ) and isinstance(one, exp.Column) and isinstance(other, exp.Column):
            if one.table in self._select.sources and other.table in self._select.sources:
                left, right = _Reference(one.table, one.name), _Reference(other.table, other.name)
                if only in (None, right.alias):
                    self._select.equal.append((left, right, only is None))
                elif only == left.alias:
                    self._select.equal.append((right, left, False))
            return
        else:
            return
        is_listed = bool(constants) and all(isinstance(constant, exp.Literal) for constant in constants)
        if is_listed and one.table in self._select.sources and only in (None, one.table):
            reference = _Reference(one.table, one.name)
            values = frozenset(constant.name for constant in constants)
            self._select.fixed[reference] = self._select.fixed.get(reference, values) & values

    def _is_tested_unique(self) -> bool:
        """Whether the model's rows are tested to be unique by what those of its first source are unique by: then no
        join finds two rows for one."""
        start = self._expression.args.get("from_")
        if self._scope.parent is not None or start is None or self._expression.args.get("group") is not None:
            return False
        alias = start.this.alias_or_name
        origins = {
            name: value.name
            for name, value in self._select.expressions.items()
            if isinstance(value, exp.Column) and value.table == alias
        }
        return any(
            key <= {origins[name] for name in tested}
            for tested in self._lineage.keys.get(self._relation, ())
            if tested <= set(origins)
            for key in self._lineage.unique_by(self._select.sources.get(alias))
        )

    def _keys(self, is_kept: bool) -> Iterator[frozenset[str]]:
        """What the rows of this select are unique by, in the names that it gives its columns."""
        expression, start = self._expression, self._expression.args.get("from_")
        names: dict[str, str] = {}
        for name, value in self._select.expressions.items():
            names.setdefault(value.sql(), name)
            while isinstance(value, exp.Cast):
                value = value.this
            names.setdefault(value.sql(), name)
        if expression.args.get("distinct") is not None:
            yield frozenset(self._select.outputs)
        group = expression.args.get("group")
        if group is not None:
            if not any(group.args.get(kind) for kind in ("grouping_sets", "cube", "rollup", "all")):
                yield from _named(group.expressions, names)
            return
        values = self._select.expressions.values()
        if start is None or any(value.find(exp.AggFunc) and not value.find(exp.Window) for value in values):
            yield frozenset()
            return
        alias = start.this.alias_or_name
        fixed = {
            reference.column for reference, ones in self._select.fixed.items() if reference.alias == alias and len(ones) == 1
        }
        for key in self._lineage.unique_by(self._select.sources.get(alias)) if is_kept else ():
            yield from _named([exp.column(column, table=alias) for column in sorted(key - fixed)], names)
        for name, value in self._select.expressions.items():
            if isinstance(value, exp.Window) and isinstance(value.this, exp.RowNumber):
                for key in _named(value.args.get("partition_by") or [], names):
                    yield key | {name}
        for condition in _conditions(expression.args.get("qualify")):
            window = condition.this
            if isinstance(window, exp.Window) and isinstance(window.this, exp.RowNumber):
                if isinstance(condition, exp.EQ) and condition.expression.name == "1":
                    yield from _named(window.args.get("partition_by") or [], names)

    def _references(self, expression: exp.Expr | None) -> set[_Reference]:
        found: set[_Reference] = set()
        pending = [expression] if expression is not None else []
        while pending:
            node = pending.pop()
            if isinstance(node, exp.Grouping):
                continue  # whether a column is grouped by, not what is in it
            if isinstance(node, exp.Column):
                if node.table in self._select.sources:
                    found.add(_Reference(node.table, node.name))
                continue
            inner = self._subqueries.get(id(node))
            if inner is None:
                pending.extend(node.iter_expressions())
                continue
            number = self._lineage.number(inner)
            alias = f"({number})"
            self._select.sources[alias] = number
            found |= {_Reference(alias, name) for name in (*self._lineage.columns(number), ROWS)}
            pending.extend(inner.external_columns)
        return found


def _passed(select: _Select, value: exp.Expr) -> list[_Reference]:
    """The columns that are what an output is. Where rows are numbered or summed up beside others, others matter too."""
    while isinstance(value, exp.Cast):
        value = value.this
    columns = [value] if isinstance(value, exp.Column) else []
    if isinstance(value, exp.Coalesce):
        parts = [value.this, *value.expressions]
        columns = [part for part in parts if isinstance(part, exp.Column)] if len({p.name for p in parts}) == 1 else []
    for expression in select.expressions.values():
        for window in expression.find_all(exp.Window):
            beside = {part.sql() for part in window.args.get("partition_by") or []}
            columns = [column for column in columns if column.sql() in beside]
    return [_Reference(column.table, column.name) for column in columns if column.table in select.sources]


def _named(columns: Sequence[exp.Expr], names: Mapping[str, str]) -> Iterator[frozenset[str]]:
    """The names under which a select gives `columns`, if it gives them all."""
    if all(column.sql() in names for column in columns):
        yield frozenset(names[column.sql()] for column in columns)


def _conditions(clause: exp.Expr | None) -> list[exp.Expr]:
    """What all of a clause demands at once."""
    if clause is None:
        return []
    if isinstance(clause, exp.Where | exp.Qualify | exp.Paren):
        return _conditions(clause.this)
    if isinstance(clause, exp.And):
        return [*_conditions(clause.this), *_conditions(clause.expression)]
    return [clause]

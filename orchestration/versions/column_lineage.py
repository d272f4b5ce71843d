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

from orchestration.versions.selects import (
    ROWS,
    Place,
    Reader,
    Reference,
    Relation,
    Select,
    Union,
    Values,
    passed,
    uncast,
)

# Database → schema → table → column → type.
Shapes = Mapping[str, Mapping[str, Mapping[str, Mapping[str, str]]]]

_KPI = "kpi_id"
# What the columns of the rows that matter may be; empty where all rows matter.
Given = frozenset[tuple[str, Values]]
_ANY: Given = frozenset()

# A column of a place, or ROWS; which of its rows matter; the dimension that it stands for.
_Need = tuple[Place, str, Given, Relation | None]


@dataclass(frozen=True)
class Models:
    """What is read.

    sql: the compiled SQL of each model, after those that it reads. shapes: the columns of all that is read. keys: what
    relations are unique by. dimensions: models that gather members from anywhere, with the inputs that tell of the
    members. parents: what each model reads, for those that cannot be read themselves.
    """

    sql: Mapping[Relation, str]
    shapes: Shapes
    keys: Mapping[Relation, Sequence[frozenset[str]]]
    dimensions: Mapping[Relation, frozenset[Relation]] = field(default_factory=dict)
    parents: Mapping[Relation, Sequence[Relation]] = field(default_factory=dict)

    def as_json(self) -> list[object]:
        """All of it in an order that is the same for the same models."""
        return [
            list(self.sql.items()),
            self.shapes,
            sorted((relation, sorted(map(sorted, keys))) for relation, keys in self.keys.items()),
            sorted((relation, sorted(inputs)) for relation, inputs in self.dimensions.items()),
            sorted((relation, sorted(parents)) for relation, parents in self.parents.items()),
        ]


class ColumnLineage:
    """The selects of every model, linked."""

    def __init__(self, given: Models) -> None:
        """Read the models."""
        self._columns_of = {
            (schema, table): tuple(columns)
            for schemas in given.shapes.values()
            for schema, tables in schemas.items()
            for table, columns in tables.items()
        }
        self.keys = given.keys
        self._dimensions = given.dimensions
        self._parents = given.parents
        self._roots: dict[Relation, int] = {}
        self._selects: dict[int, Select | Union] = {}
        self._numbers: dict[int, int] = {}
        self._trees: list[exp.Expr] = []
        self._constant: dict[tuple[Place, str], bool] = {}
        self._told_of: dict[tuple[int, Given], dict[Reference, Values] | None] = {}
        self._values_in: dict[tuple[Place, str, Given], Values | None] = {}
        # What could not be told: models whose SQL could not be read, left joins that may find several rows.
        self.unread: list[Relation] = []
        self.widening: list[str] = []
        for relation, sql in given.sql.items():
            try:
                tree = qualify(
                    parse_one(sql, dialect="duckdb"),
                    dialect="duckdb",
                    schema=dict(given.shapes),
                    quote_identifiers=False,
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

    def inputs(
        self, start: Relation, columns: Sequence[str], kpi: str, further: Sequence[str]
    ) -> dict[str | None, set[tuple[Relation, str]]]:
        """Every column of a relation on the way from `columns` of the rows of `kpi` in `start` to the feeds; (relation,
        ROWS) where it depends on which rows there are. This under None; under each of the columns `further`, what that
        one depends on beyond."""
        seen: set[_Need] = set()
        found = {None: self._inputs(start, columns, kpi, seen)}
        return found | {name: self._inputs(start, [name], kpi, set(seen)) - found[None] for name in further}

    def _inputs(self, start: Relation, columns: Sequence[str], kpi: str, seen: set[_Need]) -> set[tuple[Relation, str]]:
        """What is found from `columns` on beyond the needs `seen`, to which those found are added."""
        found: set[tuple[Relation, str]] = set()
        given: Given = frozenset([(_KPI, frozenset([kpi]))])
        pending: list[_Need] = [(start, column, given, None) for column in columns]
        seen |= set(pending)
        while pending:
            need = pending.pop()
            place, column, _, dimension = need
            is_told = dimension is None or place == dimension
            if isinstance(place, tuple) and (is_told or (dimension and place in self._dimensions[dimension])):
                found.add((place, column))
            for one in self._behind(need):
                if one not in seen:
                    seen.add(one)
                    pending.append(one)
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
        return [] if select is None else select.columns[0] if isinstance(select, Union) else list(select.outputs)

    def unique_by(self, place: Place | None) -> Sequence[frozenset[str]]:
        """Every set of columns by which the rows of a place are known to be unique."""
        if isinstance(place, tuple):
            return self.keys.get(place) or self.unique_by(self._roots.get(place))
        select = None if place is None else self._selects.get(place)
        return select.keys if isinstance(select, Select) else []

    def _read(self, relation: Relation, scope: Scope) -> Select | Union:
        expression = scope.expression
        if isinstance(expression, exp.SetOperation):
            branches = [self.number(branch) for branch in scope.set_operation_scopes]
            is_distinct = bool(expression.args.get("distinct")) or not isinstance(expression, exp.Union)
            return Union(branches, [list(self.columns(branch)) for branch in branches], is_distinct)
        return Reader(self, relation, scope, expression).read() if isinstance(expression, exp.Select) else Select()

    def _behind(self, need: _Need) -> Iterator[_Need]:
        """What a column depends on, one step further."""
        place, column, given, dimension = need
        if column != ROWS:
            yield place, ROWS, given, dimension
        if isinstance(place, tuple):
            dimension = place if dimension is None and place in self._dimensions else dimension
            if place in self._roots:
                yield self._roots[place], column, given, dimension
            else:
                for parent in self._parents.get(place, ()):
                    yield from ((parent, each, _ANY, dimension) for each in (ROWS, *self.columns(parent)))
        elif isinstance(select := self._selects[place], Union):
            for branch, name, own in self._behind_union(select, column, given):
                yield branch, name, own, dimension
        else:
            for source, name, own in self._behind_select(place, select, column, given):
                yield source, name, own, dimension

    def _behind_union(self, union: Union, column: str, given: Given) -> Iterator[tuple[Place, str, Given]]:
        for position, branch in enumerate(union.branches):
            own = self._given_in(union, position, given)
            deciding = union.columns[position] if column == ROWS and union.is_distinct else []
            for name in (*deciding, union.name_in(position, column)):
                yield branch, name, own

    def _behind_select(
        self, number: int, select: Select, column: str, given: Given
    ) -> Iterator[tuple[Place, str, Given]]:
        if (number, given) not in self._told_of:
            self._told_of[number, given] = self._told(select, given)
        told = self._told_of[number, given]
        if told is None:
            return
        pending = set(select.deciding) if column == ROWS else set(select.outputs.get(column, ()))
        references: set[Reference] = set()
        while pending:
            reference = pending.pop()
            if reference not in references:
                references.add(reference)
                pending |= select.joined.get(reference.alias, set())
        for reference in references:
            own = self._given(select, reference.alias, told)
            yield select.sources[reference.alias], reference.column, own

    def _given_in(self, union: Union, position: int, given: Given) -> Given:
        own = ((union.name_in(position, name), values) for name, values in given)
        return self._useful(union.branches[position], own)

    def _told(self, select: Select, given: Given) -> dict[Reference, Values] | None:
        """What the columns of the sources may be, for the rows of a select that matter; None where it has none."""
        told = dict(select.fixed)
        for name, values in given:
            expression = select.expressions.get(name)
            if expression is None:
                continue
            constants = self._values_of(select, expression, {})
            if constants is not None and not constants & values:
                return None
            for reference in passed(select, expression):
                told[reference] = told.get(reference, values) & values
        for _ in range(len(select.equal)):
            before = dict(told)
            for left, right, is_mutual in select.equal:
                for one, other in ((left, right), (right, left))[: 2 if is_mutual else 1]:
                    if (possible := self._values_told(select, one, told)) is not None:
                        told[other] = told.get(other, possible) & possible
            if told == before:
                break
        mattering = {reference.alias for reference in select.deciding}
        if any(not values and reference.alias in mattering for reference, values in told.items()):
            return None
        return told

    def _values_told(self, select: Select, reference: Reference, told: Mapping[Reference, Values]) -> Values | None:
        if reference in told:
            return told[reference]
        given = self._given(select, reference.alias, told)
        return self._values(select.sources[reference.alias], reference.column, given) if given else None

    def _given(self, select: Select, alias: str, told: Mapping[Reference, Values]) -> Given:
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
        if isinstance(select, Union):
            return any(
                self._has_constants(branch, select.name_in(position, column))
                for position, branch in enumerate(select.branches)
            )
        if column not in select.expressions:
            return False
        value = uncast(select.expressions[column])
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
        if isinstance(select, Union):
            return _united(
                self._values(branch, select.name_in(position, column), self._given_in(select, position, given))
                for position, branch in enumerate(select.branches)
            )
        if column not in select.expressions:
            return None
        told = dict(select.fixed)
        for name, values in given:
            expression = select.expressions.get(name)
            if expression is not None:
                possible = self._values_of(select, expression, {})
                if possible is not None and not possible & values:
                    return frozenset()
                for reference in passed(select, expression):
                    told[reference] = told.get(reference, values) & values
        return self._values_of(select, select.expressions[column], told)

    def _values_of(self, select: Select, value: exp.Expr, told: Mapping[Reference, Values]) -> Values | None:
        value = uncast(value)
        if isinstance(value, exp.Literal | exp.Null):
            return frozenset([value.name] if isinstance(value, exp.Literal) else [])
        if isinstance(value, exp.Column) and value.table in select.sources:
            reference = Reference(value.table, value.name)
            listed = told.get(reference, select.fixed.get(reference))
            given = self._given(select, value.table, told)
            found = self._values(select.sources[value.table], value.name, given)
            return listed if found is None else found if listed is None else found & listed
        results: list[exp.Expr] = []
        if isinstance(value, exp.Case):
            results = [branch.args["true"] for branch in value.args["ifs"]]
            results += [value.args["default"]] if value.args.get("default") is not None else []
        elif isinstance(value, exp.Coalesce):
            results = [value.this, *value.expressions]
        found_all = [self._values_of(select, result, told) for result in results]
        return _united(found_all) if found_all else None


def _united(found: Iterable[Values | None]) -> Values | None:
    """All that several may be; None where one may be anything."""
    union: Values = frozenset()
    for values in found:
        if values is None:
            return None
        union |= values
    return union

"""What one select of a model takes from where, read from its parsed SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlglot import exp
from sqlglot.optimizer.scope import Scope

# (schema, table).
Relation = tuple[str, str]
# A relation, or a select by its number.
Place = Relation | int
# What a column may be.
Values = frozenset[str]

# Stands for which rows there are, where a column's name is expected.
ROWS = "*"
# Rows that have this column are rows of KPIs, and split by these into segments, or further in other marts.
_KPI = "kpi_id"
_SPLITS = frozenset({"site_id", "region", "product_family", "channel", "priority", "issue_family", "technician_id"})


@dataclass(frozen=True)
class Reference:
    """A column of a source of a select, by the source's alias."""

    alias: str
    column: str


@dataclass
class Select:
    """What a select takes from where. `joined`: of sources that keep the rows as they are, what they are joined by;
    `deciding`: what decides which rows there are; `fixed`: what the clauses say a column is; `equal`: columns that are
    equal in every row, and whether the first follows from the second too; `keys`: what rows are unique by."""

    sources: dict[str, Place] = field(default_factory=dict)
    outputs: dict[str, set[Reference]] = field(default_factory=dict)
    expressions: dict[str, exp.Expr] = field(default_factory=dict)
    joined: dict[str, set[Reference]] = field(default_factory=dict)
    deciding: set[Reference] = field(default_factory=set)
    fixed: dict[Reference, Values] = field(default_factory=dict)
    equal: list[tuple[Reference, Reference, bool]] = field(default_factory=list)
    keys: list[frozenset[str]] = field(default_factory=list)


@dataclass
class Union:
    """Selects whose rows are united, with the names of their columns in order of place."""

    branches: list[int]
    columns: list[list[str]]
    is_distinct: bool

    def name_in(self, position: int, column: str) -> str:
        """What a branch calls a column of the union."""
        first, own = self.columns[0], self.columns[position]
        return own[first.index(column)] if column in first else column


class Known(Protocol):
    """What is known of the selects and relations that a select reads."""

    keys: Mapping[Relation, Sequence[frozenset[str]]]
    widening: list[str]

    def number(self, scope: Scope) -> int:
        """The number by which the select of a scope is known."""

    def knows(self, scope: Scope) -> bool:
        """Whether the scope is a select that has been seen."""

    def columns(self, place: Place) -> Sequence[str]:
        """The names of a place's columns, in order."""

    def unique_by(self, place: Place | None) -> Sequence[frozenset[str]]:
        """Every set of columns by which the rows of a place are known to be unique."""


class Reader:
    """Reads one select."""

    def __init__(self, known: Known, relation: Relation, scope: Scope, expression: exp.Select) -> None:
        self._known = known
        self._relation = relation
        self._scope = scope
        self._expression = expression
        self._select = Select()
        self._subqueries = {id(inner.expression): inner for inner in scope.subquery_scopes}

    def read(self) -> Select:
        """Return what the select takes from where."""
        select, expression = self._select, self._expression
        for alias, (_, source) in self._scope.selected_sources.items():
            if isinstance(source, exp.Table):
                select.sources[alias] = (source.db, source.name)
            elif self._known.knows(source):
                select.sources[alias] = self._known.number(source)
        for projection in expression.selects:
            select.outputs[projection.alias_or_name] = self._references(projection)
            select.expressions[projection.alias_or_name] = projection.unalias()
        start = expression.args.get("from_")
        if start is not None:
            self._decide_by_source(start.this)
        is_tested = self._is_tested_unique()
        is_kept = True
        for join in expression.args.get("joins") or []:
            is_kept = self._read_join(join, is_tested) and is_kept
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
        is_unique = any(key <= equal for key in self._known.unique_by(self._select.sources.get(alias)))
        is_one = join.side != "FULL" and (is_tested or is_unique or join.method == "ASOF")
        if join.side != "FULL":
            for condition in conditions:
                self._learn(condition, alias if join.side == "LEFT" else None)
        if join.side == "LEFT" and is_one and alias in self._select.sources:
            self._select.joined[alias] = by
            return True
        if join.side == "LEFT":
            self._known.widening.append(f"{'.'.join(self._relation)}: {join.sql()}")
        self._select.deciding |= by
        self._decide_by_source(join.this)
        return is_one

    def _decide_by_source(self, source: exp.Expr) -> None:
        if source.alias_or_name in self._select.sources:
            self._select.deciding.add(Reference(source.alias_or_name, ROWS))
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
                left, right = Reference(one.table, one.name), Reference(other.table, other.name)
                if only in (None, right.alias):
                    self._select.equal.append((left, right, only is None))
                elif only == left.alias:
                    self._select.equal.append((right, left, False))
            return
        else:
            return
        is_listed = bool(constants) and all(isinstance(constant, exp.Literal) for constant in constants)
        if is_listed and one.table in self._select.sources and only in (None, one.table):
            reference = Reference(one.table, one.name)
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
            for tested in self._known.keys.get(self._relation, ())
            if tested <= set(origins)
            for key in self._known.unique_by(self._select.sources.get(alias))
        )

    def _keys(self, is_kept: bool) -> Iterator[frozenset[str]]:
        """What the rows of this select are unique by, in the names that it gives its columns."""
        expression, start = self._expression, self._expression.args.get("from_")
        names: dict[str, str] = {}
        for name, value in self._select.expressions.items():
            names.setdefault(value.sql(), name)
            names.setdefault(uncast(value).sql(), name)
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
            reference.column
            for reference, ones in self._select.fixed.items()
            if reference.alias == alias and len(ones) == 1
        }
        for key in self._known.unique_by(self._select.sources.get(alias)) if is_kept else ():
            yield from _named([exp.column(column, table=alias) for column in sorted(key - fixed)], names)
        for name, value in self._select.expressions.items():
            if isinstance(value, exp.Window) and isinstance(value.this, exp.RowNumber):
                for key in _named(value.args.get("partition_by") or [], names):
                    yield key | {name}

    def _references(self, expression: exp.Expr | None) -> set[Reference]:
        found: set[Reference] = set()
        pending = [expression] if expression is not None else []
        while pending:
            node = pending.pop()
            if isinstance(node, exp.Grouping):
                continue  # whether a column is grouped by, not what is in it
            if isinstance(node, exp.Column):
                if node.table in self._select.sources:
                    found.add(Reference(node.table, node.name))
                continue
            inner = self._subqueries.get(id(node))
            if inner is None:
                pending.extend(node.iter_expressions())
                continue
            number = self._known.number(inner)
            alias = f"({number})"
            self._select.sources[alias] = number
            found |= {Reference(alias, name) for name in (*self._known.columns(number), ROWS)}
            pending.extend(inner.external_columns)
        return found


def passed(select: Select, value: exp.Expr) -> list[Reference]:
    """The columns that are what an output is. Where rows are numbered or summed up beside others, others matter too."""
    value = uncast(value)
    columns = [value] if isinstance(value, exp.Column) else []
    if isinstance(value, exp.Coalesce):
        parts = [value.this, *value.expressions]
        columns = [part for part in parts if isinstance(part, exp.Column)] if len({p.name for p in parts}) == 1 else []
    for expression in select.expressions.values():
        for window in expression.find_all(exp.Window):
            beside = {part.sql() for part in window.args.get("partition_by") or []}
            columns = [column for column in columns if column.sql() in beside]
    return [Reference(column.table, column.name) for column in columns if column.table in select.sources]


def uncast(value: exp.Expr) -> exp.Expr:
    """An expression without the casts around it."""
    while isinstance(value, exp.Cast):
        value = value.this
    return value


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

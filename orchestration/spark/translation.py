"""DuckDB's SQL as Spark's.

sqlglot knows how the two write things; here is what they mean differently by the same words.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlglot
from sqlglot import exp

_WHOLE_TYPES = (exp.DataType.Type.BIGINT, exp.DataType.Type.INT)
# Texts, counts and the like are not rounded before they become whole numbers.
_NOT_ROUNDED = (exp.Count, exp.Substring, exp.Literal, exp.Null, exp.Floor, exp.Extract, exp.Predicate)


def translate(sql: str) -> str:
    """The query for Spark. sqlglot.ParseError where it is no query of DuckDB's."""
    return _changed(sqlglot.parse_one(sql, read="duckdb"))


def translate_type(name: str) -> str:
    """A type of DuckDB's by its name for Spark."""
    return _changed(exp.DataType.build(name, dialect="duckdb"))


def _changed(tree: exp.Expr) -> str:
    # From the inside out: what is changed is put into something new with what it holds.
    for node in reversed(list(tree.walk())):
        _CHANGES.get(type(node), _keep)(node)
    return tree.sql(dialect="spark")


def _keep(node: exp.Expr) -> None:
    pass


def _divide(node: exp.Expr) -> None:
    """DuckDB divides as doubles, whatever the types; Spark divides decimals as decimals."""
    node.set("this", _as_double(node.this))


def _average(node: exp.Expr) -> None:
    """The same: an average is a double."""
    node.set("this", _as_double(node.this))


def _cast(node: exp.Expr) -> None:
    """A number that becomes a whole one is rounded; Spark would cut it off."""
    if node.args["to"].this in _WHOLE_TYPES and not isinstance(node.this, _NOT_ROUNDED):
        node.set("this", exp.Round(this=node.this))


def _round(node: exp.Expr) -> None:
    """To so many places: DuckDB multiplies a double and rounds that, Spark the digits that the double is shown with."""
    if node.args.get("decimals") is not None:
        factor = exp.cast(exp.Literal.number(10 ** int(node.args["decimals"].name)), exp.DataType.Type.DOUBLE)
        rounded = exp.Round(this=exp.Mul(this=exp.paren(_as_double(node.this)), expression=factor))
        node.replace(exp.paren(exp.Div(this=rounded, expression=factor.copy())))


def _window(node: exp.Expr) -> None:
    """Numbers of rows are of 64 bits; a recursion that counts on from one would meet two types."""
    if isinstance(node.this, (exp.RowNumber, exp.Rank, exp.DenseRank)):
        node.replace(exp.cast(node.copy(), exp.DataType.Type.BIGINT))


def _type(node: exp.Expr) -> None:
    """Instants are UTC in a session of UTC. sqlglot would write the type that knows no instants."""
    if node.this in (exp.DataType.Type.TIMESTAMP, exp.DataType.Type.TIMESTAMPNTZ):
        node.set("this", exp.DataType.Type.TIMESTAMPTZ)


def _as_double(value: exp.Expr) -> exp.Expr:
    return value if isinstance(value, exp.Div) else exp.cast(value, exp.DataType.Type.DOUBLE)


_CHANGES: dict[type[exp.Expr], Callable[[exp.Expr], None]] = {
    exp.Div: _divide,
    exp.Avg: _average,
    exp.Cast: _cast,
    exp.Round: _round,
    exp.Window: _window,
    exp.DataType: _type,
}

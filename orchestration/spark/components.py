"""Connected components of a graph, for Spark, whose recursion keeps no keys: the macro `connected_components`."""

from __future__ import annotations

from collections.abc import Iterable


def connected_components(edges: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The smallest node that each node is joined to, over any number of edges."""
    parents: dict[str, str] = {}

    def root(node: str) -> str:
        parents.setdefault(node, node)
        while parents[node] != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    for one, other in edges:
        low, high = sorted((root(one), root(other)))
        parents[high] = low
    return {node: root(node) for node in parents}


def labels(edges: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same as rows, of edges that are rows themselves."""
    return list(connected_components((edge[0], edge[1]) for edge in edges).items())

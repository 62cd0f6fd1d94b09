"""Who is one person: groups of records joined by declared links."""

from collections.abc import Iterable


def connected(edges: Iterable[tuple[int, int]]) -> dict[int, int]:
    """For every number named by an edge, the smallest number it is connected with (union-find)."""
    parent: dict[int, int] = {}

    def root(item: int) -> int:
        parent.setdefault(item, item)
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    for left, right in edges:
        low, high = sorted((root(left), root(right)))
        parent[high] = low
    return {item: root(item) for item in list(parent)}

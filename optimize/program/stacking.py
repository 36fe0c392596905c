"""The matrix of a first stage above the recourse of many scenarios, each with columns of its own.

Written into one set of arrays with 32-bit indices, as HiGHS takes them: stacking sparse matrices would copy them
several times over. Programs of one pattern share it: then entries alone are written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from chains.numbers import Array
from optimize.program.blocks import Block
from optimize.program.compiling import with_entries

__all__ = ["Stacked", "blocks_alone", "with_blocks"]


@dataclass(frozen=True)
class _Order:
    """Where the entries of [links | own], row by row, stand in those of the links followed by own ones."""

    places: np.ndarray
    linked: np.ndarray


@dataclass(frozen=True)
class Stacked:
    """A matrix, and how the entries of a scenario of each block are put in order."""

    matrix: sparse.csr_array
    orders: tuple[_Order, ...]


def with_blocks(
    first: sparse.csr_array, blocks: Sequence[tuple[Block, Mapping[str, slice]]], pattern: Stacked | None = None
) -> Stacked:
    """The matrix of a first stage above every scenario of the blocks; their links are columns of the groups beside.

    `pattern` is one with the same pattern of the first stage and of every block.
    """
    if pattern is not None:
        entries = [_entries(block, order) for (block, _), order in zip(blocks, pattern.orders, strict=True)]
        return Stacked(with_entries(pattern.matrix, np.concatenate([first.data, *entries])), pattern.orders)
    width, matrix, orders = first.shape[1], first, []
    for block, groups in blocks:
        spread = (block.links.data, block.members(groups)[block.links.indices], block.links.indptr)
        links = sparse.csr_array(spread, shape=(block.links.shape[0], width))
        matrix, order = _replicated(matrix, links, block)
        orders.append(order)
    return Stacked(matrix, tuple(orders))


def blocks_alone(blocks: Sequence[Block]) -> sparse.csr_array:
    """The matrix of every scenario of the blocks without their links."""
    matrix = sparse.csr_array((0, 0))
    for block in blocks:
        matrix, _ = _replicated(matrix, sparse.csr_array((block.own.shape[0], 0)), block)
    return matrix


def _replicated(above: sparse.csr_array, links: sparse.csr_array, block: Block) -> tuple[sparse.csr_array, _Order]:
    """A matrix above [links | own] of every scenario of a block, each with own columns to the right of all others."""
    own, scenarios, width = block.own, block.count, links.shape[1]
    one, order = _beside(links, own)
    rows = above.shape[0] + scenarios * own.shape[0]
    left = max(above.shape[1], width)
    start = np.where(order.linked, 0, left - width).astype(np.int32)
    shift = np.where(order.linked, 0, own.shape[1]).astype(np.int32)
    indices = one.indices.astype(np.int32) + start + np.arange(scenarios, dtype=np.int32)[:, None] * shift
    starts = above.nnz + np.arange(scenarios, dtype=np.int32)[:, None] * one.nnz + one.indptr[:-1].astype(np.int32)
    matrix = sparse.csr_array(
        (
            np.concatenate([above.data, _entries(block, order)]),
            np.concatenate([above.indices.astype(np.int32), indices.ravel()], dtype=np.int32),
            np.concatenate([above.indptr[:-1], starts.ravel(), [above.nnz + scenarios * one.nnz]], dtype=np.int32),
        ),
        shape=(rows, left + scenarios * own.shape[1]),
    )
    return matrix, order


def _beside(links: sparse.csr_array, own: sparse.csr_array) -> tuple[sparse.csr_array, _Order]:
    """[links | own] with the place of every entry in those of both, from 0 on."""
    width = links.shape[1]
    left, right = (with_entries(part, np.arange(float(part.nnz))) for part in (links, own))
    right.data = right.data + left.nnz
    one = sparse.csr_array(sparse.hstack([left, right], format="csr")) if width else right
    return one, _Order(one.data.astype(np.intp), one.indices < width)


def _entries(block: Block, order: _Order) -> Array:
    """The entries of [links | own] of every scenario, the links times its factors; none of links that are left out."""
    links = block.links.data if order.linked.any() else block.links.data[:0]
    one = np.concatenate([links, block.own.data])[order.places]
    if block.factors is None or not len(links):
        return np.tile(one, block.count)
    every = np.tile(one, (block.count, 1))
    every[:, order.linked] = links * block.factors[:, block.links.indices]
    return every.ravel()

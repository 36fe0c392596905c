"""An inter-country table as observations: what is there of each segment, from where, and who takes it, in balance.

For the home country h and a segment k of one industry or several, everything in the table's money:

    x_k + sum_c M_kc  =  sum_l Z_kl + O_k + F_k + E_k

output at home and imports by country c are what segments l at home take (of all origins), what industries at home take
that are in no segment, what final users at home take (of all origins), and exports. Cells below zero (goods drawn from
stocks, mostly) are netted first within these sums; a use that is still below zero is no use, and its amount counts as
supply at home, drawn from stocks, so that the balance holds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from chains.importing.intercountry import InterCountry
from chains.importing.observations import Accounts, Amount, Observations
from chains.importing.reliance import Reliance, reliance
from chains.importing.sectors import Grouping, group
from chains.numbers import Array
from chains.tables.problems import InputError

__all__ = ["EXPORTS", "FACE_VALUE", "LOOK_THROUGH", "observe_table"]

FINAL_USE, OTHERS, EXPORTS = "final_users", "other_industries", "exports"
"""Uses of `demand`."""

FACE_VALUE, LOOK_THROUGH = "foreign_input_reliance_direct", "foreign_input_reliance"
"""Indicators of a segment."""

_MILLION = 1e-3
"""Packages are in billions."""

_NAMED = 3

_LACKS = (
    "who owns the plants, at home and abroad: `owner` is set to the country where they stand",
    "what unmet exports cost the home country: `loss_weights` counts them a tenth of its own final demand",
)


def observe_table(table: InterCountry, home: str, sectors: str) -> Observations:
    """What a table says of the home country. `sectors` says which industries are which segment (`group`).

    InputError where the country is not in the table, with every problem of the file of sectors, or where no segment has
    any supply.
    """
    if home not in table.countries:
        right = f"choose one of {', '.join(table.countries)}"
        raise InputError.single(table.source.locator, f"has no country {home}", right)
    found = reliance(table, home)
    names = [table.names.get(code, code) for code in table.industries]
    grouping = group(sectors, table.source.key, table.industries, names, found.stages)
    accounts = _Home(table, home, grouping)
    empty = [at for at in range(len(grouping.segments)) if accounts.there[at] <= 0]
    said = [*table.said, *grouping.said]
    if empty:
        left = ", ".join(grouping.segments[at].key for at in empty)
        said.append(f"left out, with neither output nor imports in {home}: {left}")
        accounts = _Home(table, home, grouping.without(empty))
    if not accounts.grouping.segments:
        raise InputError.single(table.source.locator, f"{home} has no supply of any segment", "check option --sectors")
    return Observations(
        home=home,
        currency=table.currency,
        year=table.year,
        source=table.source,
        segments=accounts.grouping.segments,
        accounts=Accounts(
            tuple(accounts.demand()),
            tuple(accounts.inputs()),
            tuple(accounts.supply()),
            tuple(_indicators(accounts, found)),
            EXPORTS,
        ),
        said=(*said, *accounts.said(), *_relying(accounts, found)),
        lacks=_LACKS,
    )


@dataclass(frozen=True)
class _Home:
    """The accounts of the home country by segment. Arrays over countries c, segments k and l, industries i and j."""

    table: InterCountry
    home: str
    grouping: Grouping

    @property
    def at(self) -> int:
        """The place of the home country."""
        return self.table.countries.index(self.home)

    @cached_property
    def member(self) -> Array:
        """1 where industry i is of segment k, [i, k]."""
        member = np.zeros((len(self.table.industries), len(self.grouping.segments)))
        for industry, segment in enumerate(self.grouping.of):
            if segment >= 0:
                member[industry, segment] = 1.0
        return member

    @cached_property
    def taken(self) -> Array:
        """What industry j at home takes of segment k from country c, [c, k, j]."""
        size = len(self.table.industries)
        use = self.table.use[:, self.table.rows(self.home)].reshape(-1, size, size)
        return np.asarray(np.einsum("cij,ik->ckj", use, self.member, optimize=True))

    @cached_property
    def final(self) -> Array:
        """What final users at home take of segment k from country c, [c, k]."""
        size = len(self.table.industries)
        return np.asarray(self.table.final[:, self.at].reshape(-1, size) @ self.member)

    @cached_property
    def output(self) -> Array:
        """x_k, made at home."""
        return np.asarray(self.table.output[self.table.rows(self.home)] @ self.member)

    @cached_property
    def between(self) -> tuple[Array, Array]:
        """Z_kl above zero, and below zero by k."""
        whole = self.taken.sum(axis=0) @ self.member
        return np.maximum(whole, 0.0), np.minimum(whole, 0.0).sum(axis=1)

    @cached_property
    def uses(self) -> dict[str, Array]:
        """O_k, F_k and E_k as they are in the table, below zero where more came from stocks than was taken."""
        own = self.table.rows(self.home)
        users = np.arange(len(self.table.use))
        abroad = (users < own.start) | (users >= own.stop)
        sent = self.table.use[own][:, abroad].sum(axis=1) + np.delete(self.table.final[own], self.at, axis=1).sum(
            axis=1
        )
        return {
            FINAL_USE: self.final.sum(axis=0) + self.between[1],
            OTHERS: self.taken.sum(axis=0) @ (1.0 - self.member.sum(axis=1)),
            EXPORTS: sent @ self.member,
        }

    @cached_property
    def drawn(self) -> Array:
        """Uses below zero, by segment: what came from stocks."""
        return np.asarray(sum(np.maximum(-use, 0.0) for use in self.uses.values()))

    @cached_property
    def made(self) -> Array:
        """Supply at home: output, and what came from stocks."""
        return self.output + self.drawn

    @cached_property
    def imports(self) -> Array:
        """M_kc, [c, k], 0 at home; below zero where more of it came from stocks than was taken."""
        imports = self.taken.sum(axis=2) + self.final
        imports[self.at] = 0.0
        return np.asarray(imports)

    @property
    def there(self) -> Array:
        """All supply of a segment."""
        return np.asarray(self.made + np.maximum(self.imports, 0.0).sum(axis=0))

    def demand(self) -> Iterator[Amount]:
        unit = self._unit
        kinds = {
            FINAL_USE: f"Households, government, investment and stocks of {self.home}, of all origins",
            OTHERS: f"Industries of {self.home} that are in no segment, of all origins",
            EXPORTS: f"Made in {self.home} and taken abroad, by industries and final users",
        }
        for k, segment in enumerate(self.grouping.segments):
            for use, amounts in self.uses.items():
                if amounts[k] > 0:
                    said = f"{kinds[use]}: rows {self._industries(k)}, {amounts[k]:.6g} {unit}"
                    yield Amount(segment.key, use, float(amounts[k]) * _MILLION, said)

    def inputs(self) -> Iterator[Amount]:
        flows, made = self.between[0], self.made
        for k, segment in enumerate(self.grouping.segments):
            for user, other in enumerate(self.grouping.segments):
                if flows[k, user] > 0 and made[user] > 0:
                    said = (
                        f"{self._industries(k)} of all origins taken by {self.home} {self._industries(user)}, "
                        f"{flows[k, user]:.6g}, over its supply at home, {made[user]:.6g} {self._unit}"
                    )
                    yield Amount(segment.key, other.key, float(flows[k, user]) * _MILLION, said)

    def supply(self) -> Iterator[Amount]:
        for k, segment in enumerate(self.grouping.segments):
            stocks = f" and {self.drawn[k]:.6g} drawn from stocks" if self.drawn[k] > 0 else ""
            said = f"Output of {self.home} {self._industries(k)}, {self.output[k]:.6g}{stocks}, {self._unit}"
            yield Amount(segment.key, self.home, float(self.made[k]) * _MILLION, said)
            for c, country in enumerate(self.table.countries):
                if self.imports[c, k] > 0:
                    used, bought = self.taken[c, k].sum(), self.final[c, k]
                    said = (
                        f"{country} {self._industries(k)} to {self.home}: {used:.6g} to industries, {bought:.6g} to "
                        f"final users, {self._unit}"
                    )
                    yield Amount(segment.key, country, float(self.imports[c, k]) * _MILLION, said)

    def weights(self, k: int) -> Array:
        """Outputs at home of the industries of a segment, 0 of all others."""
        return np.asarray(np.maximum(self.table.output[self.table.rows(self.home)], 0.0) * self.member[:, k])

    def said(self) -> Iterator[str]:
        """What is not as the table has it."""
        keys = [segment.key for segment in self.grouping.segments]
        drawn = [f"{keys[k]} {self.drawn[k]:.4g}" for k in np.flatnonzero(self.drawn > 0)]
        if drawn:
            yield f"uses below zero count as supply at home, drawn from stocks ({self._unit}): {', '.join(drawn)}"
        below = np.argwhere(self.imports < 0)
        if len(below):
            amount = -self.imports[self.imports < 0].sum()
            what = f"{len(below)} with {amount:.4g} {self._unit} together"
            yield f"imports below zero, drawn from stocks, are left out: {what}"
        lost = [keys[k] for k in np.flatnonzero((self.made <= 0) & (self.between[0].sum(axis=0) > 0))]
        if lost:
            yield f"inputs of segments without output in {self.home} are left out: {', '.join(lost)}"
        inside = self.between[0].sum(axis=0)
        over = [
            f"{keys[k]} {inside[k] / self.made[k]:.3g}" for k in np.flatnonzero((inside > self.made) & (self.made > 0))
        ]
        if over:
            yield f"value added is below zero, inputs over output: {', '.join(over)}"

    @property
    def _unit(self) -> str:
        return f"{self.table.currency} million"

    def _industries(self, k: int) -> str:
        codes = [self.table.industries[at] for at in self.grouping.members(k)]
        more = f" + {len(codes) - _NAMED} more" if len(codes) > _NAMED else ""
        return " + ".join(codes[:_NAMED]) + more


def _indicators(accounts: _Home, found: Reliance) -> Iterator[Amount]:
    for k, segment in enumerate(accounts.grouping.segments):
        weights = accounts.weights(k)
        direct, through = found.face_value(weights), found.look_through(weights)
        if np.isfinite(direct):
            yield Amount(segment.key, FACE_VALUE, direct, "Inputs made abroad over all inputs, 1'A of the whole table")
        if np.isfinite(through):
            at, share = found.most(weights)
            said = (
                "Inputs made abroad over all inputs, direct and indirect, 1'((I - A)^-1 - I) of the whole table; most "
                f"from {accounts.table.countries[at]}, {share:.1%} of all"
            )
            yield Amount(segment.key, LOOK_THROUGH, through, said)


def _relying(accounts: _Home, found: Reliance) -> Sequence[str]:
    """The segments that rely most on foreign inputs."""
    known = {
        segment.key: (found.look_through(accounts.weights(k)), found.face_value(accounts.weights(k)))
        for k, segment in enumerate(accounts.grouping.segments)
    }
    ranked = sorted((key for key in known if np.isfinite(known[key][0])), key=lambda key: -known[key][0])
    if not ranked:
        return []
    told = ", ".join(f"{key} {known[key][0]:.1%} ({known[key][1]:.1%})" for key in ranked[:_NAMED])
    return [f"inputs from abroad, looked through (at face value): {told}; all by `tierwise indicators`"]

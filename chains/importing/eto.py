"""The ETO Advanced Semiconductor Supply Chain Dataset as observations: tools, materials and stages with their shares.

A stage (design, fabrication, packaging) is a segment, and its processes are parts of it. A tool or material is a
segment where the set says which countries provide it; kinds of it count instead where the set has countries for them.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from chains.importing.eto_files import FILES, RESOURCES, Eto, Node, read_eto
from chains.importing.observations import Link, Observations, Segment, Share, Source
from chains.tables.problems import InputError, Problem
from chains.tables.schema import TIERS

__all__ = ["observe_eto"]

_NEGLIGIBLE = 0.02
"""A share is negligible at 2% or less (technical notes of the set); one that is blank but not negligible is above."""

_NEARLY_ALL = 0.95

_LACKS = (
    "where plants stand: the set counts most shares by the country of the firms; `location` is set to `owner`",
    "how much the home country needs: all levels of `supply` follow from the template's `demand` and `inputs`",
    "how long a missing tool can be done without: fill `criticality`, or a cut of tools counts like one of wafers",
)


def observe_eto(folder: Path, home: str, year: int | None = None) -> Observations:
    """What the set in `folder` says. `year` is of the market sizes, where the set names none or the user knows better.

    InputError with every problem of every file.
    """
    eto = read_eto(folder)
    if year is None and eto.year is None:
        raise InputError.single("option --year", "no market size names a year", "write the base year, as --year 2019")
    chain = _Chain(eto)
    chain.check()
    segments = tuple(Segment(chain.keys[node.id], chain.tier(node), node.name) for node in chain.segments)
    shares = tuple(share for node in chain.segments for share in chain.shares(node))
    finals = tuple(chain.keys[key] for key in chain.finals)
    if not any(share.country == home for share in shares):
        chain.said.append(f"{home} provides nothing in the set: home supply starts at 0 everywhere")
    return Observations(
        home=home,
        currency="USD",
        year=year or eto.year or 0,
        source=_source(folder),
        segments=segments,
        shares=shares,
        links=tuple(chain.links()),
        finals=finals,
        said=(*eto.said, *chain.said),
        lacks=_LACKS,
    )


def _source(folder: Path) -> Source:
    """The files by the start of their SHA-256, since they name no release."""
    files = ", ".join(f"{name} {hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]}" for name in FILES)
    return Source(
        "eto",
        "Emerging Technology Observatory (CSET), Advanced Semiconductor Supply Chain Dataset (CC BY-NC 4.0)",
        f"The files name no release; SHA-256 begins: {files}",
        "https://cset.georgetown.edu/publication/the-semiconductor-supply-chain/",
    )


@dataclass
class _Chain:
    """Which nodes are segments, and what goes into what between them."""

    eto: Eto
    said: list[str] = field(default_factory=list)

    @cached_property
    def segments(self) -> list[Node]:
        """Stages, and resources that count themselves and go into something that counts."""
        nodes = self.eto.nodes.values()
        stages = [self.eto.nodes[key] for key in self.eto.stages]
        return stages + [node for node in nodes if self._counts(node) and self.users(node)]

    @cached_property
    def keys(self) -> dict[str, str]:
        """Keys of segments, from their names; the id makes a second one of a name its own."""
        keys: dict[str, str] = {}
        for node in self.segments:
            key = re.sub(r"[^a-z0-9]+", "_", re.sub(r"\(.*?\)", "", node.name).lower()).strip("_") or node.id.lower()
            keys[node.id] = f"{key}_{node.id.lower()}" if key in (*keys.values(), *TIERS) else key
        return keys

    @cached_property
    def finals(self) -> list[str]:
        """Stages whose output is the finished product: they go into no further stage."""
        return [key for key in self.eto.stages if not self._next(key)]

    def check(self) -> None:
        """InputError where a stage has no country, or something goes into itself; say what is left out."""
        problems = [
            self.eto.nodes[key].record.problem("stage_id", f"no country provides '{key}'", "add a row to provision.csv")
            for key in self.eto.stages
            if not self.eto.provided[key]
        ]
        problems += self._no_amount()
        try:
            TopologicalSorter({node.id: self.users(node) for node in self.segments}).prepare()
        except CycleError as error:
            wrong = f"{' into '.join(error.args[1])}: goes into itself"
            problems.append(Problem("sequence.csv", 0, "goes_into_id", wrong, "take out one of the rows"))
        if problems:
            raise InputError(problems)
        self._say()

    def _no_amount(self) -> Iterator[Problem]:
        """Shares that are all 0 divide nothing."""
        for node in self.segments:
            rows = self.eto.provided[node.id]
            if rows and all(row.share == 0 and not row.negligible for row in rows):
                wrong = f"all shares of '{node.id}' are 0"
                yield rows[0].record.problem("share_provided", wrong, "give a share, or leave blank what is not known")

    def _say(self) -> None:
        """What is not a segment of its own, or joined otherwise than the set does."""
        used = {node.id for node in self.segments}
        for node in self.eto.nodes.values():
            if node.kind not in RESOURCES or node.id in used:
                continue
            whole = next((key for key in self._above(node.id) if key in used), None)
            kinds = [self.eto.nodes[key].name for key in self._below(node.id) if key in used]
            if kinds:
                self.said.append(f"{node.name} ({node.id}) stands as its kinds: {', '.join(kinds)}")
            elif whole:
                self.said.append(f"{node.name} ({node.id}) has no country of its own: part of {self.keys[whole]}")
            else:
                why = "no country provides it" if not self.eto.provided[node.id] else "it goes into nothing"
                self.said.append(f"{node.name} ({node.id}) is left out: {why}")
        for key, after in zip(self.eto.stages, self.eto.stages[1:], strict=False):
            if not self._named_next(key) and self._next(key):
                self.said.append(
                    f"{self.eto.nodes[key].name} ({key}) goes into no other stage in sequence.csv: it is joined to the "
                    f"next in stages.csv, {self.eto.nodes[after].name}"
                )
        most = [share for node in self.segments for share in self.shares(node) if share.part >= _NEARLY_ALL]
        if most:
            named = ", ".join(f"{share.country} {share.part:.0%} of {share.segment}" for share in most)
            self.said.append(f"nearly all from one country, which decides the answer, so check it first: {named}")
        for key in self.finals:
            self.said.append(f"final demand is for {self.keys[key]}, whose output is the finished product")

    def _above(self, key: str) -> list[str]:
        """What a node is a type of, nearest first."""
        found = []
        while key in self.eto.types:
            key = self.eto.types[key]
            found.append(key)
        return found

    def _below(self, key: str) -> list[str]:
        return [other for other in self.eto.types if key in self._above(other)]

    def _counts(self, node: Node) -> bool:
        if node.kind not in RESOURCES or not self.eto.provided[node.id]:
            return False
        return not any(self.eto.provided[other] for other in self._below(node.id))

    def users(self, node: Node) -> list[str]:
        """Ids of the segments that a segment goes into; a kind goes into what its whole goes into."""
        if node.kind == "stage":
            return self._next(node.id)
        found = []
        for key in (node.id, *self._above(node.id)):
            for target in self.eto.into[key]:
                found += self._standing(self.eto.nodes[target])
        return [key for key in dict.fromkeys(found) if key != node.id]

    def _standing(self, node: Node) -> list[str]:
        """The segments that stand for a node: the stage of a process, the kinds of a whole, the whole of a kind."""
        if node.kind in ("stage", "process"):
            return [node.stage]
        if self._counts(node):
            return [node.id]
        kinds = [key for key in self._below(node.id) if self._counts(self.eto.nodes[key])]
        return kinds or [key for key in self._above(node.id) if self._counts(self.eto.nodes[key])][:1]

    def _next(self, stage: str) -> list[str]:
        """The stages that a stage goes into: by its processes; else the next of stages.csv, but for the last of all."""
        named = self._named_next(stage)
        if named or self._finishes(stage):
            return named
        at = self.eto.stages.index(stage) + 1
        return self.eto.stages[at : at + 1]

    def _named_next(self, stage: str) -> list[str]:
        targets = [self.eto.nodes[key] for source in self._within(stage) for key in self.eto.into[source]]
        stages = [node.stage for node in targets if node.kind in ("stage", "process")]
        return [key for key in dict.fromkeys(stages) if key != stage]

    def _finishes(self, stage: str) -> bool:
        targets = [key for source in self._within(stage) for key in self.eto.into[source]]
        return any(self.eto.nodes[key].kind == "ultimate_output" for key in targets)

    def _within(self, stage: str) -> list[str]:
        return [node.id for node in self.eto.nodes.values() if node.stage == stage and node.kind not in RESOURCES]

    def tier(self, node: Node) -> str:
        """Downstream the stages of the finished product, midstream what goes into them, upstream everything else."""
        if node.id in self.finals:
            return TIERS[2]
        return TIERS[1] if node.kind == "stage" and set(self._next(node.id)) & set(self.finals) else TIERS[0]

    def size(self, node: Node) -> tuple[float | None, str]:
        """World market in USD billion, and where that stands; that of a whole without one is the sum of its kinds."""
        if node.size is not None:
            return node.size, f"{node.size_said}, {node.record.place}"
        kinds = [self.eto.nodes[key] for key in self._below(node.id)]
        known = [kind for kind in kinds if kind.size is not None]
        if not known or len(known) < len(kinds):
            return None, "not given"
        rows = ", ".join(str(kind.record.row) for kind in known)
        total = sum(kind.size or 0.0 for kind in known)
        return total, f"${total:.4g} billion, sum of its kinds, {node.record.file} rows {rows}"

    def links(self) -> Iterator[Link]:
        """What goes into what; a coefficient where both markets are known and the input has one user alone."""
        for node in self.segments:
            users = self.users(node)
            size, said = self.size(node)
            for key in users:
                user = self.eto.nodes[key]
                whole, whole_said = self.size(user)
                pair = (self.keys[node.id], self.keys[key])
                if size is not None and whole is not None and len(users) == 1:
                    formula = f"World market of {node.name} ({said}) over that of {user.name} ({whole_said})"
                    yield Link(*pair, node.kind, size / whole, None, formula)
                else:
                    weight = None if size is None else size / len(users)
                    yield Link(*pair, node.kind, None, weight, _weighing(node, said, len(users)))

    def shares(self, node: Node) -> Iterator[Share]:
        """Shares by country, divided by their sum; what is negligible or blank is no 0, and says so."""
        rows = self.eto.provided[node.id]
        given = sum(row.share or 0.0 for row in rows)
        blank = [row for row in rows if row.share is None and not row.negligible]
        small = [row for row in rows if row.share is None and row.negligible]
        left = max(1.0 - given - _NEGLIGIBLE / 2 * len(small), _NEGLIGIBLE * len(blank)) if blank else 0.0
        total = given + _NEGLIGIBLE / 2 * len(small) + left
        for row in rows:
            where = f"{row.country}, {node.name}, {row.record.place}"
            over = f", over the sum {total:.4g} of all" if abs(total - 1) > 1e-9 else ""
            if row.share is not None:
                part = row.share / total
                said = f"Share {row.record['share_provided']} ({where}{over})"
                yield Share(self.keys[node.id], row.country, part, part, part, True, said)
            elif row.negligible:
                part = _NEGLIGIBLE / 2 / total
                said = f"Share negligible, so 0 to {_NEGLIGIBLE:.0%}, taken as {_NEGLIGIBLE / 2:.0%} ({where}{over})"
                yield Share(self.keys[node.id], row.country, part, 0.0, 2 * part, True, said)
            else:
                part, most = left / len(blank) / total, left / total
                said = f"Share not given ({where}{over}): an equal part of what others leave"
                yield Share(self.keys[node.id], row.country, part, 0.0, most, False, said)


def _weighing(node: Node, said: str, users: int) -> str:
    parts = f", in {users} equal parts for its users" if users > 1 else ""
    return f"World market of {node.name}: {said}{parts}; the user's purchases of its kind are split by it"

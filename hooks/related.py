"""Which entries and posts are related, by a simple rule that each of them states.

A point for each tag, fact and source that two of them have in common, and two points for a link from one to the
other. What more than thirty have says too little and does not count. Related are the five with the most points, and
nobody with a single one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hooks.links import Links
from hooks.posts import Piece

MOST = 5
_LEAST_POINTS = 2
_LINK_POINTS = 2
_COMMON = 30
"""So many that share something are no longer related by it. It also keeps the work in step with the number of pages."""

Feature = tuple[str, str]
"""`tag`, `fact` or `source`, and which."""


@dataclass(frozen=True)
class Related:
    """A related entry or post, and why."""

    piece: Piece
    why: str


class Relations:
    """What all entries and posts have in common, counted once."""

    def __init__(self, pieces: Iterable[Piece], links: Links) -> None:
        self._pieces = {piece.uri: piece for piece in pieces}
        self._links = links
        self._having: dict[Feature, list[str]] = defaultdict(list)
        for piece in self._pieces.values():
            for feature in _features(piece):
                self._having[feature].append(piece.uri)

    def of(self, uri: str) -> list[Related]:
        """The related ones of an entry or post, the most closely related first, then by title."""
        shared: dict[str, list[Feature]] = defaultdict(list)
        for feature in _features(self._pieces[uri]):
            having = self._having[feature]
            if len(having) <= _COMMON:
                for other in having:
                    if other != uri:
                        shared[other].append(feature)
        links = self._linked(uri)
        points = Counter({other: len(features) for other, features in shared.items()})
        points.update(dict.fromkeys(links, _LINK_POINTS))
        ranked = sorted(points, key=lambda other: (-points[other], self._pieces[other].title, other))
        return [
            Related(self._pieces[other], _why(shared[other], links.get(other, "")))
            for other in ranked[:MOST]
            if points[other] >= _LEAST_POINTS
        ]

    def _linked(self, uri: str) -> dict[str, str]:
        """The pieces that a link joins with this one, and which way it leads; one that all lead to is none of them."""
        there = [other for other in self._links.leads_to(uri) if other in self._pieces]
        back = [other for other in self._links.mentioned_in(uri) if other in self._pieces]
        back = back if len(back) <= _COMMON else []
        said = dict.fromkeys(back, "leads here")
        return said | {other: "each leads to the other" if other in said else "mentioned here" for other in there}


def _features(piece: Piece) -> list[Feature]:
    return [
        *(("tag", tag) for tag in dict.fromkeys(piece.tags)),
        *(("fact", fact) for fact in dict.fromkeys(piece.facts)),
        *(("source", source) for source in dict.fromkeys(piece.sources)),
    ]


def _why(shared: Sequence[Feature], link: str) -> str:
    """`shares 3 facts, a source and the tag power; leads here`."""
    said = []
    for kind in ("fact", "source"):
        if count := sum(1 for feature, _ in shared if feature == kind):
            said.append(f"{count} {kind}s" if count > 1 else f"a {kind}")
    tags = [name for feature, name in shared if feature == "tag"]
    if tags:
        said.append(f"the tag{'s' if len(tags) > 1 else ''} {_listed(tags)}")
    return "; ".join([*([f"shares {_listed(said)}"] if said else []), *([link] if link else [])])


def _listed(words: Sequence[str]) -> str:
    return " and ".join([*([", ".join(words[:-1])] if words[1:] else []), words[-1]])

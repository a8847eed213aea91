"""What a derived value is worked out from is named, exists, and does not lead back to the value itself."""

from catalog.checks.base import Given, Report
from catalog.errors import did_you_mean


def check(given: Given, report: Report) -> None:
    values = {value.ref: value for value in given.catalog.values()}
    inputs: dict[str, list[str]] = {ref: [] for ref in values}
    for value, claim in given.claims():
        report.looked += 1
        former = any(claim is item.claim for item in value.earlier)
        if claim.method == "derived" and not claim.derived_from and not claim.sources:
            message = "derived from nothing that is named; expected facts or publications; "
            message += "write derived_from, or sources where it is worked out from published data"
            report.add(claim.place.problem(message, "method"))
        for index, ref in enumerate(claim.derived_from):
            if ref in values:
                inputs[value.ref] += [] if former else [ref]  # what was replaced leads nowhere any more
            elif ref.rpartition("/")[0] not in given.broken:
                hint = did_you_mean(ref, values)
                message = f'unknown fact "{ref}"; expected kind/slug/name of a fact in the catalog{hint}'
                report.add(claim.place.problem(message, "derived_from", index))
    for circle in _circles(inputs):
        message = f"derived from itself: {' <- '.join([*circle, circle[0]])}; expected facts that lead to sources; "
        message += "take one of them from a source"
        report.add(values[circle[0]].place.problem(message))


def _circles(inputs: dict[str, list[str]]) -> list[list[str]]:
    """The circles among references, each once, beginning with its first by name."""
    found: dict[frozenset[str], list[str]] = {}
    finished: set[str] = set()
    for start in sorted(inputs):
        trail: list[str] = []
        waiting: list[tuple[str, bool]] = [(start, False)]
        while waiting:  # depth first, without recursion: a chain may be long
            ref, leaving = waiting.pop()
            if leaving:
                finished.add(trail.pop())
            elif ref in trail:
                circle = trail[trail.index(ref) :]
                first = circle.index(min(circle))
                found.setdefault(frozenset(circle), circle[first:] + circle[:first])
            elif ref not in finished:
                trail.append(ref)
                waiting.append((ref, True))
                waiting += [(other, False) for other in sorted(inputs[ref], reverse=True)]
    return list(found.values())

"""Did you mean ...?"""

from __future__ import annotations


def distance(a: str, b: str) -> int:
    """How many letters must be changed, added or dropped to make `b` of `a` (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i in range(len(a)):
        above = row
        row = [i + 1]
        for j in range(len(b)):
            row.append(min(above[j + 1] + 1, row[j] + 1, above[j] + (0 if a[i] == b[j] else 1)))
    return row[-1]


def closest(word: str, known: list[str]) -> str:
    """The most similar of `known`, or "" when none is near.

    Near is what holds the whole word ("balance" for balance_usd), or else what differs in at most a third
    of the letters, in two of a short word.
    """
    word = word[:40].lower()
    best, fewest = "", (max(2, len(word) // 3) if len(word) > 3 else 1) + 1
    for candidate in known:
        if len(word) > 3 and word in candidate:
            return candidate
        d = distance(word, candidate)
        if d < fewest:
            best, fewest = candidate, d
    return best


_MOST_LISTED = 8


def did_you_mean(word: str, known: list[str]) -> str:
    """A sentence that helps after an unknown name: the nearest known one, or what there is."""
    near = closest(word, known)
    if near:
        return f'did you mean "{near}"?'
    return "there are: " + ", ".join(known[:_MOST_LISTED]) + (" ..." if len(known) > _MOST_LISTED else "")

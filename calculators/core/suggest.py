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
    """The most similar of `known`, or "" when none is near: a third of the letters wrong, two in short words."""
    word = word[:40].lower()
    best, fewest = "", (max(2, len(word) // 3) if len(word) > 3 else 1) + 1
    for candidate in known:
        d = distance(word, candidate)
        if d < fewest:
            best, fewest = candidate, d
    return best


def did_you_mean(word: str, known: list[str]) -> str:
    """A sentence that helps after an unknown name: the nearest known one, or all of them."""
    near = closest(word, known)
    return f'did you mean "{near}"?' if near else "there are: " + ", ".join(known)

"""Where claims disagree they really do, and the stated rule picks exactly one of them."""

from catalog.checks.base import Given, Report
from catalog.choice import RULES


def check(given: Given, report: Report) -> None:
    for value in given.catalog.values():
        report.looked += 1
        cited = (citation.source for claim in value.claims for citation in claim.sources)
        if value.choice is None or any(f"sources/{source}" in given.broken for source in cited):
            continue  # what cannot be read may decide; it is reported where it stands
        if len({claim.value for claim in value.claims}) == 1:
            message = f"all claims say {value.claims[0].value}; expected claims that disagree; "
            message += "write one value with several sources"
            report.add(value.place.problem(message, "claims"))
            continue
        rule = value.choice.rule
        accepted = RULES[rule].accept(value.claims, given.catalog.sources)
        if len(accepted) != 1:
            picks = f"picks {len(accepted)} of {len(value.claims)} claims" if accepted else "picks no claim"
            message = f'"{rule}" ({RULES[rule].description}) {picks}; expected exactly one; choose another rule'
            report.add(value.place.problem(message, "chosen", "rule"))

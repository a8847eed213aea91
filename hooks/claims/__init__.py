"""Claims of others, checked: a `claim` block in any page states somebody's number and the scenario that tests it.

    ```claim
    id: rtx-pro-6000-70b-q4
    says: An RTX PRO 6000 writes 100 to 120 tokens a second of a 70B model at 4 bits.
    source: watkins-local-ai-hardware
    locator: RTX PRO 6000
    calculator: hardware-fit
    inputs:
      hardware: rtx-pro-6000
      model: llama-3-1-70b
    metric: decode_tps
    ceiling: bandwidth_ceiling_tps
    claimed: [100, 120]
    tolerance_pct: 10
    ```

The calculator works the scenario out at build time. A claim *holds* where it overlaps our figure with its range and
the tolerance; it is *off by x %* where it does not; and it *cannot be* where it lies above a ceiling that no device
exceeds, or where the calculator has no value for a scenario that cannot exist (a model that does not fit).
The shape of the block is catalog/schema/claim.schema.json.
"""

from hooks.claims.checking import CheckedClaim, check_claims
from hooks.claims.judging import LABELS, Figure, Judgement, Verdict, judge
from hooks.claims.pages import URI, counts
from hooks.claims.reading import Claim, read_claims

__all__ = [
    "LABELS",
    "URI",
    "CheckedClaim",
    "Claim",
    "Figure",
    "Judgement",
    "Verdict",
    "check_claims",
    "counts",
    "judge",
    "read_claims",
]

"""The facts of the site: one YAML file per subject, every value with its unit, date, method and sources.

    from catalog import load
    facts = load()                                  # raises CatalogError with every problem at once
    facts.value("finance/us-federal-income-tax/standard_deduction_joint_usd").value

What is where:
    <kind>/<slug>.yml   the facts, one file per subject        sources/<id>.yml  the publications they cite
    benchmarks/<slug>.yml  published measurements of one device, a row each
    schema/             the shape of each kind of file         vocabulary/     closed lists: kinds and units
    loader.py           strict YAML with a line per node       model.py        what the files become
    choice.py           rules that pick one of several claims  docs.py         which sources the pages cite
    checks/             one rule per file                      reader.py       load(): all of these, in order
    export.py           what leaves the catalog                __main__.py     python -m catalog
    new/                templates of what authors add          stale.py        what is due for review
    blanks.py           what in a new file is not filled in
"""

from catalog.errors import CatalogError, Problem, UnknownReferenceError
from catalog.export import facts_bundle
from catalog.model import Catalog, Citation, Claim, Former, Measurement, MeasurementTable, Source, Subject, Value
from catalog.reader import load

__all__ = [
    "Catalog",
    "CatalogError",
    "Citation",
    "Claim",
    "Former",
    "Measurement",
    "MeasurementTable",
    "Problem",
    "Source",
    "Subject",
    "UnknownReferenceError",
    "Value",
    "facts_bundle",
    "load",
]

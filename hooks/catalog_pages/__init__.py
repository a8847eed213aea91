"""A page for each subject of the catalog, for each kind, for the disagreements, and for the whole.

Every value stands there with its source. `hook.py` is what MkDocs runs; everything else is plain functions that take
the catalog and give what the templates (templates/catalog_*.html.jinja) show.
"""

from hooks.catalog_pages.addresses import (
    TAB,
    address,
    disagreements_uri,
    index_uri,
    kind_uri,
    measurements_id,
    subject_uri,
    subjects_of,
    used_kinds,
    value_address,
)
from hooks.catalog_pages.pages import HtmlPage, catalog_pages
from hooks.catalog_pages.presets import Preset, presets
from hooks.catalog_pages.report import template_problem

__all__ = [
    "TAB",
    "HtmlPage",
    "Preset",
    "address",
    "catalog_pages",
    "disagreements_uri",
    "index_uri",
    "kind_uri",
    "measurements_id",
    "presets",
    "subject_uri",
    "subjects_of",
    "template_problem",
    "used_kinds",
    "value_address",
]

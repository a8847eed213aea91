"""The site for programs: JSON, CSV and schemas below /api/v1/.

Everything here is a pure function from what the build knows to files; hooks/api_files.py hands them to MkDocs.

    addresses.py     where each file stands           shapes.py     the catalog as plain data
    calculators.py   the calculators as plain data    tables.py     the catalog as CSV
    claims.py        claims of others, checked        changes.py    what has changed in the facts
    schema/          the shape of each file           checking.py   every file held against its schema
    files.py         all of it together

Two rules hold for all JSON: every key of a shape is always there, null (or an empty list) where there is nothing to
say; and what stands under a key is always of one type.
"""

from hooks.api.addresses import api_address, csv_address

__all__ = ["api_address", "csv_address"]

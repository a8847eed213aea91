"""The Markdown of each page, beside it as `index.md`, for programs that read text.

`prose.py` takes what an author wrote and prints what stands behind references, claims and calculators; `catalog.py`
makes the pages that have no Markdown of their own, from the catalog; `hook.py` is what MkDocs runs.
"""

NAME = "index.md"
"""What the file of a page is called, in the page's folder."""

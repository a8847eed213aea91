"""Adapters between MkDocs and the packages `calculators` and `catalog`.

Each file has one concern: pure functions first, the MkDocs events last and only a few lines each. MkDocs
loads them in the order of `mkdocs.yml`; what they share during a build is `build.BuildState`.
"""

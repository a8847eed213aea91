"""The id in a file is the file's own path, so that a reference leads to its file."""

from catalog.checks.base import Given, Report
from catalog.model import MeasurementTable, Subject


def check(given: Given, report: Report) -> None:
    files: dict[str, Subject | MeasurementTable] = dict(given.catalog.subjects)
    files |= {f"benchmarks/{slug}": table for slug, table in given.catalog.benchmarks.items()}
    for path, subject in files.items():
        report.looked += 1
        if subject.id != path:
            message = f'"{subject.id}" is not the path of the file; expected "{path}"; correct it or move the file'
            report.add(subject.place.problem(message, "id"))
    for name, source in given.catalog.sources.items():
        report.looked += 1
        if source.id != name:
            message = f'"{source.id}" is not the name of the file; expected "{name}"; correct it or rename the file'
            report.add(source.place.problem(message, "id"))

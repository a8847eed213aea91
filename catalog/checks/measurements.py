"""Published measurements name what the catalog has, stand there once, and are physically possible."""

from dataclasses import replace

from catalog.checks.base import Given, Report
from catalog.errors import did_you_mean
from catalog.model import Catalog, Measurement, Subject

_NAMES = (("model", "models"), ("quantization", "quantizations"))
_SLOWEST_TPS = 0.01


def check(given: Given, report: Report) -> None:
    report.looked += len(given.catalog.subjects) + len(given.catalog.benchmarks)
    slugs: dict[str, set[str]] = {}
    for identifier in (*given.catalog.subjects, *given.broken):
        kind, _, slug = identifier.partition("/")
        slugs.setdefault(kind, set()).add(slug)
    for table in given.catalog.benchmarks.values():
        if (message := _unknown(slugs, "hardware", table.hardware)) is not None:
            report.add(table.place.problem(message, "hardware"))
    seen: dict[tuple[str, Measurement], Measurement] = {}
    unknown: set[tuple[str, str, str]] = set()
    for table, row in given.catalog.measurements():
        report.looked += 1
        for field, kind in _NAMES:
            name = getattr(row, field)
            if (table.slug, kind, name) not in unknown and (message := _unknown(slugs, kind, name)) is not None:
                unknown.add((table.slug, kind, name))  # once a table: a hundred rows may name it
                report.add(row.place.problem(message, field))
        _check_plausible(given.catalog, report, row)
        same = (table.slug, replace(row, tps=0.0, note="", excluded=""))
        if same in seen:
            line = seen[same].place.document.line(seen[same].place.path)
            message = f"the same as the measurement in line {line} but for its speed; expected each once; "
            message += "remove one, or say in engine_version what differs"
            report.add(row.place.problem(message))
        seen.setdefault(same, row)


def _unknown(slugs: dict[str, set[str]], kind: str, slug: str) -> str | None:
    known = slugs.get(kind, set())
    if slug in known:
        return None
    hint = did_you_mean(slug, known) or f"; write catalog/{kind}/{slug}.yml"
    return f'unknown "{slug}"; expected the name of a file in catalog/{kind}{hint}'


def _check_plausible(catalog: Catalog, report: Report, row: Measurement) -> None:
    if row.tps < _SLOWEST_TPS:
        message = f"{row.tps} tokens a second is no speed; expected {_SLOWEST_TPS} or more; correct it"
        report.add(row.place.problem(message, "tps"))
    if row.context_tokens and row.new_tokens and row.new_tokens > row.context_tokens:
        message = f"{row.new_tokens} is more than the {row.context_tokens} of the context; expected a part of it; "
        message += "correct one of the two"
        report.add(row.place.problem(message, "new_tokens"))
    longest = _number(catalog.subjects.get(f"models/{row.model}"), "max_context_tokens")
    if row.context_tokens and longest and row.context_tokens > longest:
        message = f"{row.context_tokens} tokens is more than {row.model} can take; expected at most {longest:.0f}; "
        message += "correct it, or the model's max_context_tokens"
        report.add(row.place.problem(message, "context_tokens"))
    ceiling = ceiling_tps(catalog, row)
    if ceiling is not None and row.tps > ceiling and not row.excluded:
        message = f"{row.tps} tokens a second is faster than the memory delivers the weights; "
        message += f"expected at most {ceiling:.1f}; correct the row, or say in excluded what is wrong with it"
        report.add(row.place.problem(message, "tps"))


def ceiling_tps(catalog: Catalog, row: Measurement) -> float | None:
    """What the memory's bandwidth allows a decode measurement at most; None where that cannot be told.

    Each step reads every weight that it uses at least once, and writes one token for each request. Only the input
    table is not read as a whole. Of a mixture of experts the part in use by one token is read at least.
    """
    if row.phase != "decode" or row.batch is None:
        return None
    bandwidth_gbs = _number(catalog.subjects.get(f"hardware/{row.hardware}"), "bandwidth_gbs")
    read_gb = _least_read_gb(catalog, row)
    if bandwidth_gbs is None or not read_gb:
        return None
    # Layers that lie on several devices are read one device after the other; only several requests keep all busy.
    together = 1 if row.parallelism == "layers" and row.batch == 1 else row.devices
    return row.batch * together * bandwidth_gbs / read_gb


def _least_read_gb(catalog: Catalog, row: Measurement) -> float | None:
    model = catalog.subjects.get(f"models/{row.model}")
    quantization = catalog.subjects.get(f"quantizations/{row.quantization}")
    params_b, active_b = _number(model, "params_b"), _number(model, "active_params_b")
    bits = _number(quantization, "bits_per_weight")
    if params_b is None or active_b is None or bits is None:
        return None
    embedding_b = _number(model, "embedding_params_b") or 0.0
    embedding_bits = _number(quantization, "embedding_bits_per_weight")
    if row.weights_gb is None:
        layers_bits = _number(quantization, "expert_bits_per_weight") or bits
        return (active_b - embedding_b) * min(bits, layers_bits) / 8
    embedding_gb = embedding_b * (bits if embedding_bits is None else embedding_bits) / 8
    return (row.weights_gb - embedding_gb) * (active_b - embedding_b) / (params_b - embedding_b)


def _number(subject: Subject | None, name: str) -> float | None:
    if subject is None or name not in subject.values:
        return None
    value = subject.values[name].value
    return None if isinstance(value, str) else value

"""The kinds of additions: what each asks and which files it makes."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from catalog import vocabulary

Answers = Mapping[str, str]

_SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
_NAME = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"


@dataclass(frozen=True)
class Question:
    """One thing that has to be known before a file can be written."""

    name: str
    """The option on the command line is `--name`."""
    asks: str
    example: str
    pattern: str = r"\S.*"
    known: str = ""
    """A folder of the catalog: the answer is the name of a file in it. `kinds`, `units`, `subjects`: one of those."""
    suggest: Callable[[Answers], str] = lambda answers: ""
    """A suggestion from earlier answers."""
    optional: bool = False
    """Left out, it stands in the file as FILL_IN."""


@dataclass(frozen=True)
class Addition:
    """A kind of addition."""

    name: str
    about: str
    questions: tuple[Question, ...]
    files: tuple[tuple[str, str], ...]
    """Pairs of a template and the path of the file, from the top of the repository. `catalog/` is --root."""
    inserts: tuple[str, str, str] | None = None
    """A template, the path of the file that it is added to, and where: `values` or `list`."""


def slug(text: str) -> str:
    """A name for files and addresses: lower case, digits, single hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _slug_of(*names: str) -> Callable[[Answers], str]:
    return lambda answers: slug(" ".join(answers.get(name, "") for name in names))


def _unit_of(answers: Answers) -> str:
    """The unit that the name of a value ends in, the longest that fits."""
    name = answers.get("name", "")
    ending = [(len(unit.suffix), key) for key, unit in vocabulary.units().items() if unit.suffix and name]
    fits = [(size, key) for size, key in ending if f"_{name}".endswith(f"_{vocabulary.units()[key].suffix}")]
    return max(fits)[1] if fits else "count"


def _label(asks: str, example: str) -> Question:
    return Question("label", asks, example)


def _id(example: str, *of: str) -> Question:
    return Question("id", "Name of its file", example, _SLUG, suggest=_slug_of(*of or ("label",)))


TODAY = Question("today", "Day on which its sources were read", "2026-11-21", r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_METHOD = Question(
    "method",
    "How it knows: measured, vendor-stated, reported or estimated",
    "vendor-stated",
    "measured|vendor-stated|reported|estimated",
    suggest=lambda answers: "reported",
)
_SOURCE = Question(
    "source", "Publication that says so, a file in catalog/sources", "nvidia-dgx-spark", _SLUG, "sources", optional=True
)

ADDITIONS: tuple[Addition, ...] = (
    Addition(
        "device",
        "a GPU, accelerator or computer that runs models",
        (_label("What people call it", "NVIDIA GeForce RTX 6090"), _id("rtx-6090"), _SOURCE, _METHOD, TODAY),
        (("device.yml", "catalog/hardware/$id.yml"),),
    ),
    Addition(
        "model",
        "a language model, by its architecture",
        (_label("What people call it", "Llama 3 8B"), _id("llama-3-8b"), _SOURCE, _METHOD, TODAY),
        (("model.yml", "catalog/models/$id.yml"),),
    ),
    Addition(
        "market",
        "what colocation costs in one place",
        (_label("Name of the place", "Northern Virginia"), _id("northern-virginia"), _SOURCE, _METHOD, TODAY),
        (("market.yml", "catalog/colo/$id.yml"),),
    ),
    Addition(
        "rental",
        "what one provider charges for an hour of one GPU",
        (
            _label("Provider and GPU, as readers call them", "Lambda: H100 SXM"),
            Question("provider", "Provider: a name out of catalog/vocabulary/kinds.yml", "lambda", _SLUG),
            Question("hardware", "The GPU, a file in catalog/hardware", "h100-sxm", _SLUG, "hardware"),
            _id("lambda-h100-sxm"),
            _SOURCE,
            _METHOD,
            TODAY,
        ),
        (("rental.yml", "catalog/rentals/$id.yml"),),
    ),
    Addition(
        "api-price",
        "what one provider charges for the tokens of one model",
        (
            _label("Provider and model, as readers call them", "Groq: Llama 3.1 8B"),
            Question("provider", "Provider: a name out of catalog/vocabulary/kinds.yml", "groq", _SLUG),
            Question(
                "model", "The model, if it is a file in catalog/models", "llama-3-1-8b", _SLUG, "models", optional=True
            ),
            _id("groq-llama-3-1-8b"),
            _SOURCE,
            _METHOD,
            TODAY,
        ),
        (("api-price.yml", "catalog/api_prices/$id.yml"),),
    ),
    Addition(
        "source",
        "a publication that facts and entries cite",
        (
            Question("title", "Title, as the publication gives it", "DGX Spark User Guide"),
            Question("producer", "Who wrote or published it", "NVIDIA"),
            Question("url", "Address of the publication", "https://docs.nvidia.com/dgx/dgx-spark/", r"https?://\S+"),
            _id("nvidia-dgx-spark-user-guide", "producer", "title"),
            TODAY,
        ),
        (("source.yml", "catalog/sources/$id.yml"),),
    ),
    Addition(
        "fact",
        "one more value of something that the catalog has",
        (
            Question(
                "subject", "What it is about, kind/slug", "hardware/dgx-spark", r"[a-z0-9_-]+/" + _SLUG, "subjects"
            ),
            Question("name", "Name of the value, which ends in its unit", "idle_power_w", _NAME),
            _label("What readers call it, without the unit", "Power when idle"),
            Question("unit", "Unit, out of catalog/vocabulary/units.yml", "W", known="units", suggest=_unit_of),
            _SOURCE,
            _METHOD,
            TODAY,
        ),
        (),
        ("fact.yml", "catalog/$subject.yml", "values"),
    ),
    Addition(
        "entry",
        "a research entry",
        (
            Question("title", "Title", "NVIDIA DGX Spark"),
            Question("topic", "Folder below docs/research", "hardware", _SLUG),
            _id("dgx-spark", "title"),
            TODAY,
        ),
        (("entry.md", "docs/research/$topic/$id.md"),),
    ),
    Addition(
        "post",
        "an essay, to which follow-ups can be added",
        (
            Question("title", "Title", "Why bandwidth and not TOPS"),
            _id("why-bandwidth-and-not-tops", "title"),
            Question("today", "Day on which it appears", "2026-11-21", r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        ),
        (("post.md", "docs/posts/$id.md"),),
    ),
    Addition(
        "calculator",
        "a calculator, its page and its test",
        (
            Question("title", "Title", "Running cost"),
            Question("question", "Question that it answers", "What does it cost to keep it running?", r"\S.*\?"),
            _id("running-cost", "title"),
        ),
        (
            ("calculator.py", "calculators/$module.py"),
            ("calculator_test.py", "tests/calculators/test_$module.py"),
            ("calculator.md", "docs/calculators/$id.md"),
        ),
        ("calculator_list.md", "docs/calculators/index.md", "list"),
    ),
)

"""The closed lists."""

from pathlib import Path

import pytest

from catalog import CatalogError, vocabulary


def test_every_range_is_for_a_known_unit_and_not_empty() -> None:
    looked = 0
    for kind in vocabulary.kinds().values():
        for unit, (low, high) in kind.ranges.items():
            looked += 1
            assert unit in vocabulary.units()
            assert low < high
    assert looked >= 18


def test_no_two_units_share_a_suffix() -> None:
    suffixes = [unit.suffix for unit in vocabulary.units().values() if unit.suffix]
    assert len(suffixes) == len(set(suffixes)) >= 12


def test_a_slip_in_a_list_is_said_like_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = Path(vocabulary.__file__).parent / "kinds.yml"
    text = kinds.read_text(encoding="utf-8")
    assert text.count("[0, 10000000]") == 1
    (tmp_path / "kinds.yml").write_text(text.replace("[0, 10000000]", "[0]"), encoding="utf-8")
    monkeypatch.setattr(vocabulary, "__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(CatalogError) as caught:
        vocabulary.kinds.__wrapped__()
    assert [problem.message for problem in caught.value.problems] == [
        ("[0] does not fit; expected the lowest and the highest value that can be right; write it like [0, 100]")
    ]
    assert caught.value.problems[0].field == "finance.ranges.USD"

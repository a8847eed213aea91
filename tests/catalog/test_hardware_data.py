"""The devices of the catalog against figures typed in from elsewhere, and the shape that the calculators rely on."""

from collections import Counter

import pytest

from catalog import Catalog, load, vocabulary
from catalog.model import Subject

# Memory in GB, bandwidth in GB/s and dense 16-bit TFLOPS (None: not known), as the makers' data sheets give them.
# Typed by hand and not out of the catalog: a slip in one of the two shows.
KNOWN: dict[str, tuple[float, float, float | None]] = {
    "dgx-spark": (128, 273, 125),
    "rtx-5090": (32, 1792, 209.5),
    "rtx-5080": (16, 960, 112.6),
    "rtx-4090": (24, 1008, 165.2),
    "rtx-4080": (16, 716.8, 97.5),
    "rtx-4070-ti": (12, 504.2, 80.2),
    "rtx-3090": (24, 936.2, 71),
    "rtx-3090-ti": (24, 1008, 80),
    "rtx-3080": (10, 760.3, 59.5),
    "rtx-3080-ti": (12, 912, None),
    "rtx-3070": (8, 448, 40.6),
    "rtx-3060": (12, 360, None),
    "rtx-a6000": (48, 768, 154.8),
    "a40": (48, 696, 149.7),
    "rtx-6000-ada": (48, 960, 364.2),
    "rtx-5000-ada": (32, 576, 261.1),
    "rtx-4000-ada": (20, 360, 106.9),
    "rtx-pro-6000-blackwell": (96, 1792, 503.8),
    "l40s": (48, 864, 362),
    "a100-80gb-pcie": (80, 1935, 312),
    "a100-80gb-sxm": (80, 2039, 312),
    "h100-pcie": (80, 2000, 756),
    "h100-sxm": (80, 3350, 989),
    "h200-sxm": (141, 4800, 989),
    "b200-sxm": (180, 8000, 2250),
    "gb200": (186, 8000, 2500),
    "mi300x": (192, 5300, 1307),
    "mi325x": (256, 6000, 1307),
    "rx-7900-xtx": (24, 960, 122.8),
    "rx-7900-xt": (20, 800, 103),
    "radeon-pro-w7900": (48, 864, 122.6),
    "radeon-ai-pro-r9700": (32, 640, None),
    "ryzen-ai-max-395": (128, 256, 59.4),
    "arc-b580": (12, 456, None),
    "apple-m1-max-64gb": (64, 400, 10.4),
    "apple-m2-ultra-192gb": (192, 800, 27.2),
    "apple-m3-ultra-512gb": (512, 819, None),
    "apple-m4-pro-64gb": (64, 273, None),
    "apple-m4-max-128gb": (128, 546, 17.04),
    "apple-m5-max-128gb": (128, 614, None),
    "inferentia2": (32, 820, 190),
    "epyc-9274f": (384, 460.8, None),
}
NAMES = {
    "hardware_class",
    "memory_gb",
    "usable_memory_gb",
    "bandwidth_gbs",
    "compute_tflops",
    "int8_dense_tflops",
    "power_w",
    "price_usd",
}


@pytest.fixture(scope="module")
def facts() -> Catalog:
    return load()


@pytest.fixture(scope="module")
def devices(facts: Catalog) -> dict[str, Subject]:
    return {subject.slug: subject for subject in facts.subjects.values() if subject.kind == "hardware"}


def test_there_are_many_devices_and_some_of_every_class(facts: Catalog, devices: dict[str, Subject]) -> None:
    assert len(devices) >= 70
    classes = Counter(facts.value(f"hardware/{slug}/hardware_class").value for slug in devices)
    assert set(classes) == set(vocabulary.kinds()["hardware"].choices["hardware_class"])
    assert min(classes.values()) >= 2


def test_every_device_has_what_the_calculators_need_and_nothing_else(devices: dict[str, Subject]) -> None:
    assert devices
    for slug, device in devices.items():
        assert {"hardware_class", "memory_gb", "bandwidth_gbs"} <= set(device.values) <= NAMES, slug


@pytest.mark.parametrize("slug", KNOWN)
def test_known_figures(facts: Catalog, devices: dict[str, Subject], slug: str) -> None:
    memory_gb, bandwidth_gbs, compute_tflops = KNOWN[slug]
    assert facts.value(f"hardware/{slug}/memory_gb").number == memory_gb
    assert facts.value(f"hardware/{slug}/bandwidth_gbs").number == pytest.approx(bandwidth_gbs, rel=0.005)
    if compute_tflops is not None:
        assert facts.value(f"hardware/{slug}/compute_tflops").number == pytest.approx(compute_tflops, rel=0.01)


def test_eight_bits_are_at_most_five_times_as_fast_as_sixteen(facts: Catalog, devices: dict[str, Subject]) -> None:
    looked = 0
    for slug, device in devices.items():
        if {"compute_tflops", "int8_dense_tflops"} <= set(device.values):
            looked += 1
            ratio = (
                facts.value(f"hardware/{slug}/int8_dense_tflops").number
                / facts.value(f"hardware/{slug}/compute_tflops").number
            )
            assert 1 <= ratio <= 5, slug  # a sparse rate in either place would leave this range or meet KNOWN
    assert looked >= 35


def test_the_disagreements_are_kept_and_decided(facts: Catalog) -> None:
    for ref, chosen, refused in (
        ("rtx-5090/bandwidth_gbs", 1792, 1000),
        ("rtx-pro-6000-blackwell/bandwidth_gbs", 1792, 1000),
        ("rtx-pro-6000-blackwell/power_w", 600, 300),
        ("h200-sxm/int8_dense_tflops", 1979, 3900),
        ("dgx-spark/compute_tflops", 125, 480),
        ("dgx-spark/power_w", 156, 240),
        ("mi300x/compute_tflops", 1307, 2615),
        ("apple-m5-max-128gb/bandwidth_gbs", 614, 546),
    ):
        value = facts.value(f"hardware/{ref}")
        assert value.number == chosen
        assert refused in {claim.value for claim in value.claims}


def test_prices_that_changed_are_a_series(facts: Catalog) -> None:
    price = facts.value("hardware/dgx-spark/price_usd")
    assert [claim.value for claim in price.series] == [3999, 4699, 6950]
    assert price.number == 6950

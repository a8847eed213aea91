"""Benchmarks: `make bench`, or `python -m tests.bench` for some of them."""

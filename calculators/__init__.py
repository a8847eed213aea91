"""Calculators: one file each, standard library only, the same source in every engine."""

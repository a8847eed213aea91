"""Powers and roots from plain arithmetic, so that every engine computes the same bits.

`exp`, `log` and `pow` of different C libraries differ in the last bit; + - * / do not. What can be
worked out from these four is therefore identical in CPython, Pyodide and MicroPython.
"""

from __future__ import annotations


def is_finite(x: float) -> bool:
    """True for an ordinary number, False for infinity and NaN."""
    return x - x == 0


def power(base: float, exponent: int) -> float:
    """`base` to a whole, non-negative `exponent`, by repeated squaring."""
    result = 1.0
    while exponent:
        if exponent % 2:
            result = result * base
        base = base * base
        exponent = exponent // 2
    return result


def root(x: float, n: int) -> float:
    """The n-th root of x >= 0, to about one unit in the last place.

    Newton's method from above: the steps fall until rounding stops them, so the result depends on
    nothing but x and n.
    """
    if x == 0 or n == 1:
        return x
    y = 1.0 if x < 1 else 1 + (x - 1) / n
    while True:
        lower = y - (y - x / power(y, n - 1)) / n
        if not lower < y:
            return y
        y = lower


def annuity_factor(rate: float, periods: int) -> float:
    """Present value of 1 paid at the end of each of `periods` periods: v + v^2 + ... + v^n, v = 1/(1+rate).

    Built by doubling (a_2m = a_m (1 + v^m)), all terms positive: exact to rounding also where the
    textbook form (1 - v^n)/rate loses its digits, as rate goes to 0.
    """
    v = 1 / (1 + rate)
    factor = 0.0
    v_m = 1.0
    mask = 1
    while mask * 2 <= periods:
        mask = mask * 2
    while mask and periods:
        factor = factor * (1 + v_m)
        v_m = v_m * v_m
        if periods & mask:
            factor = v * (1 + factor)
            v_m = v_m * v
        mask = mask // 2
    return factor

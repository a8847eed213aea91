"""How well hardware-fit's speeds agree with published measurements, and the fit that its parameters come from.

    python -m tests.accuracy            the errors, with the hardware in question left out of the fit
    python -m tests.accuracy --write    the same, and the fitted parameters into catalog/speed/

The measurements are those of catalog/benchmarks. A device is left out of the fit when it is predicted, so that the
error is that of a device which nobody measured. Every prediction is made by the calculator itself.
"""

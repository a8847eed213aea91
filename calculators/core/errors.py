"""The one error that a calculator raises: the input is wrong, and this is how to mend it.

It is data, never a traceback: every interface (form, address, command line, fence in a page) shows
`message` at the input called `field`.
"""

from __future__ import annotations

INVALID_INPUT = "INVALID_INPUT"
INVALID_REQUEST = "INVALID_REQUEST"
UNKNOWN_CALCULATOR = "UNKNOWN_CALCULATOR"
INTERNAL_ERROR = "INTERNAL_ERROR"


class InputError(Exception):
    """An input that cannot be used.

    Attributes:
        code: stable name for programs, such as `INVALID_INPUT`.
        field: name of the input, or "" when the request as a whole is wrong.
        message: what is wrong and what is allowed, in one sentence for people.
        others: further wrong inputs of the same request.
    """

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.message = message
        self.others: list[InputError] = []

    def to_json(self) -> dict[str, object]:
        """The error as plain data; `all` lists every wrong input, this one first."""
        every = [{"code": e.code, "field": e.field, "message": e.message} for e in [self] + self.others]
        return {"code": self.code, "field": self.field, "message": self.message, "all": every}

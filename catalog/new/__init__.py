"""What `python -m catalog new` adds: what it asks, and the files that it writes from templates.

A template is a file beside this one, `<what>.<ending>.template`. `$name` in it is an answer, `$name_yaml` and
`$name_py` the same as a value in YAML and as text in Python. What nobody was asked stands there as FILL_IN, which
the check refuses until somebody has written it.

    additions.py   the kinds of additions and their questions      writer.py   from answers to files
"""

from catalog.new.additions import ADDITIONS, Addition, Question
from catalog.new.writer import NewError, Place, Written, answered, write

__all__ = ["ADDITIONS", "Addition", "NewError", "Place", "Question", "Written", "answered", "write"]

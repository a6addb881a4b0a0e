"""What is told when the program itself fails: type, function and line, never a value (security.md, section 4)."""

from types import TracebackType
from typing import Final

_OURS: Final = ("keys", "testimony", "vault", "tui")


def crash_place(error: BaseException) -> str:
    """The error's type and the last place in our own code that it came through."""
    root = _root(error)
    place = _last_place(root.__traceback__)
    return f"{type(root).__name__} {place}".strip()


def _root(error: BaseException) -> BaseException:
    """The error inside a worker's failure."""
    inner = getattr(error, "error", None)
    return inner if isinstance(inner, BaseException) else error


def _last_place(traceback: TracebackType | None) -> str:
    place = ""
    while traceback is not None:
        code = traceback.tb_frame.f_code
        module = traceback.tb_frame.f_globals.get("__name__", "")
        if str(module).partition(".")[0] in _OURS or not place:
            place = f"{module}.{code.co_name}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place

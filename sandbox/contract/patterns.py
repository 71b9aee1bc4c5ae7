r"""Regular expressions of a document, read alike by both validators.

JSON Schema asks for ECMA-262: `\d` and `\w` are ASCII, `$` is the very end. The compiled
validator reads them so; Python does not, and the reference validator gets its patterns from here.
"""

import re
from functools import lru_cache
from typing import Final

import jsonschema_rs

_TOKEN: Final = re.compile(r"\\.|\[\^?\]?|\]|\$|\(\?<(?![=!])|.", re.DOTALL)
# What ECMA-262 calls white space beyond that of ASCII.
_SPACE: Final = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


def is_usable(pattern: str) -> bool:
    """Tell whether both validators can read a pattern."""
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
        as_python(pattern)
    except (jsonschema_rs.ValidationError, ValueError, re.error, RecursionError, OverflowError):
        return False
    return True


@lru_cache(maxsize=256)
def as_python(pattern: str) -> re.Pattern[str]:
    """Compile a pattern of ECMA-262 so that Python finds what ECMA-262 means.

    Raises:
        re.error: Python has no such pattern.
    """
    written = []
    in_class = False
    for token in _TOKEN.findall(pattern):
        if token == "$" and not in_class:  # noqa: S105 - a sign of the pattern, no secret
            written.append(r"\Z")
        elif token == r"\s":  # noqa: S105 - as above
            written.append(_SPACE if in_class else f"[{_SPACE}]")
        elif token == r"\S" and not in_class:  # noqa: S105 - as above
            written.append(f"[^{_SPACE}]")
        elif token == "(?<":  # noqa: S105 - as above
            written.append("(?P<")
        else:
            written.append(token)
            in_class = token[0] == "[" if not in_class else token != "]"  # noqa: S105 - as above
    return re.compile("".join(written), re.ASCII)

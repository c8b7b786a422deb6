"""Reading a contract file, and laying a tenant's changes over its tables."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from mockvendors.errors import UsageFault


def read(path: Path) -> dict[str, Any]:
    """Return the YAML mapping in `path`; errors name file, line and remedy."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        document = yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506 - both are the safe loader
    except OSError as error:
        raise UsageFault(f"Contract {path} cannot be read: {error.strerror}", "Check the vendor's name") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or error
        raise UsageFault(f"{path}{line}: not YAML: {problem}", "Correct the file") from error
    if not isinstance(document, dict):
        raise UsageFault(f"{path}: not a mapping", "Start from an OpenAPI 3.1 document")
    return document


def merge(base: Any, patch: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return `base` with `patch` laid over it by JSON merge patch (RFC 7396): null removes a key, lists are replaced."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(base) if isinstance(base, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value)
    return result

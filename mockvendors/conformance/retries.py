"""What the framework's rules say of an HTTP status: how many tries, and whether it may be tried again."""

RETRYABLE_4XX = frozenset({408, 429, 499})
"""The 4xx that the framework calls transient (livekit-agents, `APIStatusError`)."""

REFUSALS = (400, 401, 402, 403, 404, 409, 413, 422, 425)
"""Statuses that stay what they are: asking again changes nothing."""

TRANSIENT = (408, 429, 499, 500, 502, 503, 504)
"""Statuses that may pass."""


def retryable(status: int) -> bool:
    """Tell whether the framework tries again after this status."""
    return status >= 500 or status in RETRYABLE_4XX  # noqa: PLR2004  # HTTP's own border


def tries(status: int, max_retry: int) -> int:
    """Return how many requests a client makes when every answer has this status."""
    return max_retry + 1 if retryable(status) else 1

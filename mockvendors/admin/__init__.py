"""The admin API: what the mock saw and how it shall behave, for tests in any language and for people with curl."""

from mockvendors.admin.api import Admin

__all__ = ["Admin"]

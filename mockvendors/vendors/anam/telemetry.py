"""What the browser client tells of itself."""

from mockvendors.replies import Reply
from mockvendors.vendor import Call


async def take(_call: Call) -> Reply:
    """Take it; nobody reads it."""
    return Reply(204)

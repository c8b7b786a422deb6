"""A correct plugin of the older generation: one call for a session token, one with it. Every case of suites/anam must pass it."""

import reference
from livekit.agents import APIError
from reference import *  # noqa: F403  # it offers what the reference offers

__version__ = "1.8.0"
CAPABILITIES = (reference.CAPABILITIES - {"call.one"}) | {"call.two"}
TOKEN = "/v1/auth/session-token"  # noqa: S105  # a path, not a password


class AvatarSession(reference.AvatarSession):
    async def ask(self, body):
        token = await self.ask_for_token(body)
        self.path, self.bearer = reference.ENGINE, token
        return await super().ask(self.second_body(body))

    async def ask_for_token(self, body):
        self.path, self.bearer = TOKEN, self.key
        token = (await super().ask(body)).get("sessionToken")
        if not token:
            raise APIError("Anam gave no session token", retryable=False)
        return token

    def second_body(self, body):
        return {}

"""Session tokens: signed, bound to the configuration of their call, valid as long as the setting says."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from mockvendors.contract import Contract
from mockvendors.replies import Refused
from mockvendors.tenant import Tenant, Tenants
from mockvendors.vendor import Call, Credential
from mockvendors.vendors.anam.refusals import refused

TOKENS_KEPT = 1000
"""Of one tenant, the newest: a client uses its token at once, and each holds a body of some kilobytes."""
_MEMORY = "tokens"
_ALLOW = "allow"
_RULE = "anam.auth.session-token"


@dataclass
class Token:
    """A session token that was given out."""

    config: Mapping[str, Any]
    used: bool = False


class Tokens:
    """Gives tokens out and knows them again; those of each tenant are in the tenant's memory."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._signing_key = secrets.token_hex(32)

    def give(self, tenant: Tenant, config: Mapping[str, Any]) -> str:
        """Return a new token for a start with this configuration."""
        given, name = known(tenant), secrets.token_urlsafe(12)
        given[name] = Token(config)
        if len(given) > TOKENS_KEPT:
            del given[next(iter(given))]
        now = time.time()
        claims = {"jti": name, "accountId": tenant.name, "iat": now, "exp": now + tenant.settings["token_seconds"]}
        return jwt.encode(claims, self._signing_key)

    def holder(self, token: str, tenants: Tenants) -> Credential:
        """Return whose token this is, and refuse it where it is forged or too old."""
        try:
            # Its end is told apart below, and a clock may be set back after it was given.
            claims = jwt.decode(token, self._signing_key, ["HS256"], {"verify_exp": False, "verify_iat": False})
        except (jwt.PyJWTError, UnicodeError) as error:  # a header may hold any byte
            return Credential(None, None, self._refused(f"The session token is not valid: {error}"))
        tenant = tenants.by_name(claims["accountId"])
        if tenant is None:
            return Credential(None, tenant, self._refused("The session token belongs to no account"))
        if claims["exp"] <= time.time():
            return Credential(None, tenant, self._refused("The session token has expired"))
        if claims["jti"] not in known(tenant):
            return Credential(None, tenant, self._refused(f"The session token was given out {TOKENS_KEPT} tokens ago or more"))
        return Credential("sessionToken", tenant, token=claims["jti"])

    def of(self, call: Call) -> Token | None:
        """Return the token that a call comes with, None where it comes with an API key; refuse a second use."""
        if not call.credential.token:
            return None
        token = known(call.tenant).get(call.credential.token)
        if token is None:  # dropped while the call waited
            raise self._refused("The session token is too old")
        if token.used and call.tenant.settings["token_reuse"] != _ALLOW:
            raise self._refused("The session token was used already")
        return token

    def _refused(self, detail: str) -> Refused:
        return refused(self._contract, _RULE, detail)


def known(tenant: Tenant) -> dict[str, Token]:
    """Return the tokens of a tenant by their ids, oldest first."""
    tokens: dict[str, Token] = tenant.memory.setdefault(_MEMORY, {})
    return tokens

"""Which function answers which call of Anam's API, and who may call."""

from collections.abc import Mapping

from mockvendors.contract import Contract
from mockvendors.replies import Reply
from mockvendors.tenant import Tenants
from mockvendors.vendor import Credential, Headers, Route
from mockvendors.vendors.anam import catalogue, sessions, telemetry
from mockvendors.vendors.anam.refusals import refused
from mockvendors.vendors.anam.start import Starter
from mockvendors.vendors.anam.tokens import Tokens


class Anam:
    """See `mockvendors.vendor.Vendor`."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._tokens = Tokens(contract)

    def routes(self) -> Mapping[str, Route]:
        """See `Vendor`."""
        starter = Starter(self._tokens)
        return {
            "createSessionToken": Route(starter.give_token, checked=False),
            "startSession": Route(starter.start, checked=False, starts=True),
            "getConcurrency": Route(sessions.concurrency),
            "stopSession": Route(sessions.stop),
            "deleteSession": Route(sessions.delete),
            "listSessions": Route(sessions.listed),
            "getSession": Route(sessions.one),
            "listAvatars": Route(catalogue.listed),
            "getAvatar": Route(catalogue.one),
            "postMetrics": Route(telemetry.take),
        }

    def error(self, status: int, error: str, message: str, reason: str | None = None) -> Reply:
        """See `Vendor`."""
        body = {"error": error, "message": message}
        return Reply(status, body if reason is None else {**body, "reason": reason})

    def authenticate(self, headers: Headers, tenants: Tenants) -> Credential:
        """See `Vendor`."""
        sent = headers.getall("Authorization", [])
        if len(sent) != 1:
            return self._stranger(f"The request has {len(sent)} Authorization headers, and needs one")
        scheme, _, secret = sent[0].partition(" ")
        if scheme.lower() != "bearer" or not secret:
            return self._stranger("The Authorization header is not of the form: Bearer <key>")
        tenant = tenants.by_key(secret)
        if tenant is not None:
            return Credential("apiKey", tenant)
        if secret.startswith("eyJ"):
            return self._tokens.holder(secret, tenants)
        return self._stranger("No such API key")

    def _stranger(self, detail: str) -> Credential:
        return Credential(None, None, refused(self.contract, "anam.auth.bearer", detail))

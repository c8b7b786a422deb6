"""Acme, stood in for: what its contract cannot say. `mockvendors serve acme` finds it by the entry point in pyproject.toml."""

from collections.abc import Mapping
from pathlib import Path

from mockvendors.avatar.plan import AvatarPlan
from mockvendors.contract import Contract
from mockvendors.registry import Registration
from mockvendors.replies import Refused, Reply
from mockvendors.tenant import Tenants
from mockvendors.vendor import Call, Credential, Headers, Route


class Acme:
    """See `mockvendors.vendor.Vendor`: it keeps no state, that belongs to tenants."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    def routes(self) -> Mapping[str, Route]:
        """Return what answers each operationId of the contract."""
        return {"startCall": Route(self.start, starts=True)}

    def authenticate(self, headers: Headers, tenants: Tenants) -> Credential:
        """Return who sent these headers."""
        tenant = tenants.by_key(next(iter(headers.getall("X-Api-Key", [])), ""))
        if tenant is None:
            return Credential(None, None, self._refused("acme.auth.key", "There is no such key"))
        return Credential("apiKey", tenant)

    def error(self, status: int, error: str, message: str, reason: str | None = None) -> Reply:  # noqa: ARG002 - Acme has none
        """Return an error in the vendor's shape."""
        return Reply(status, {"problem": {"kind": error, "text": message}})

    async def start(self, call: Call) -> Reply:
        """Refuse a face that nobody has; else let it join. The body is one that the contract's schema allows."""
        name, room, tables = call.body["face"], call.body["room"], call.tenant.tables
        if name not in tables["faces"]:
            raise self._refused("acme.face.unknown", f"There is no face {name}; there is {', '.join(tables['faces'])}")
        face = tables["faces"][name]
        plan = AvatarPlan(
            url=room["url"],
            token=room["token"],
            width=face["width"],
            height=face["height"],
            fps=tables["media"]["fps"]["value"],
            vendor="acme",
            label=name,
            grace_seconds=call.tenant.settings["speaker_left_grace"],
            behaviour=call.behave(),
        )
        session = call.tenant.start_session(plan, {"face": name})
        return Reply(201, {"call": session.id}, session=session.id)

    def _refused(self, rule: str, detail: str) -> Refused:
        return Refused(self.contract.rule(rule), detail)


HERE = Path(__file__).parent
VENDOR = Registration(HERE / "contract.yaml", Acme, suite=HERE.with_name("acme_suite"))

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
        """Refuse a face that nobody has, and one call too many; else let it join. The body is one that the schema allows."""
        name, room, settings = call.body["face"], call.body["room"], call.tenant.settings
        width, height = self._size(call)
        limit = settings["max_concurrent"]
        if limit is not None and call.tenant.active >= limit:
            raise self._refused("acme.call.limit", f"{call.tenant.active} of {limit} calls are under way")
        plan = AvatarPlan(
            url=room["url"],
            token=room["token"],
            width=width,
            height=height,
            fps=call.tenant.tables["media"]["fps"]["value"],
            vendor="acme",
            label=name,
            max_seconds=settings["max_session_seconds"],
            grace_seconds=settings["speaker_left_grace"],
            behaviour=call.behave(),
        )
        session = call.tenant.start_session(plan, {"face": name}, settings["max_session_seconds"])
        return Reply(201, {"call": session.id}, session=session.id)

    def _size(self, call: Call) -> tuple[int, int]:
        """Return the size of the picture. Refuses a face that does not exist, and a size that it does not have."""
        name, faces = call.body["face"], call.tenant.tables["faces"]
        if name not in faces:
            raise self._refused("acme.face.unknown", f"There is no face {name}; there is {', '.join(faces)}")
        sizes = [(width, height) for width, height in faces[name]["sizes"]]
        asked = call.body.get("size")
        size = (asked["width"], asked["height"]) if asked else sizes[0]
        if size not in sizes:
            raise self._refused("acme.size.pair", f"{name} has no picture of {size[0]} x {size[1]}")
        return size

    def _refused(self, rule: str, detail: str) -> Refused:
        return Refused(self.contract.rule(rule), detail)


HERE = Path(__file__).parent
VENDOR = Registration(HERE / "contract.yaml", Acme, suite=HERE.with_name("acme_suite"))

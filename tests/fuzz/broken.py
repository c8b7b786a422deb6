"""Mocks that are wrong in one known way each: the fuzzer has to find each of them, or it finds nothing."""

import asyncio
from dataclasses import replace
from typing import Any

import jwt
from msgspec.structs import replace as changed

from mockvendors.errors import HarnessFault
from mockvendors.replies import Cut, Refused, Reply
from mockvendors.server import MockServer
from mockvendors.tenant import Tenants
from mockvendors.vendor import Call, Credential, Handler

from .harness import VENDOR, Spoil
from .lenient import LENIENT
from .spoil import without, wrapped
from .untrue import UNTRUE


async def accepts_half_pairs(handler: Handler, call: Call) -> Reply:
    options = call.body.get("sessionOptions") if isinstance(call.body, dict) else None
    if isinstance(options, dict) and ("videoWidth" in options) != ("videoHeight" in options):
        options = {name: value for name, value in options.items() if name not in ("videoWidth", "videoHeight")}
        return await handler(changed(call, body={**call.body, "sessionOptions": options}))
    return await handler(call)


async def knows_one_pair_more(handler: Handler, call: Call) -> Reply:
    call.tenant.overlay({"sizes": {"cara-4": {"pairs": {"720x480": {}}}}})
    return await handler(call)


async def refuses_portrait(handler: Handler, call: Call) -> Reply:
    reply = await handler(call)
    options = call.body.get("sessionOptions") or {}
    if options.get("videoHeight") == 1152:
        raise Refused(call.tenant.contract.rule("anam.size.pair"), "no portraits")
    return reply


async def answers_202(handler: Handler, call: Call) -> Reply:
    return changed(await handler(call), status=202)


async def drops_a_field(handler: Handler, call: Call) -> Reply:
    return without(await handler(call), "clientConfig")


async def names_another_rule(handler: Handler, call: Call) -> Reply:
    try:
        return await handler(call)
    except Refused as refused:
        if refused.rule.id != "anam.notes.preset":
            raise
        raise Refused(call.tenant.contract.rule("anam.notes.type"), refused.detail) from refused


async def adds_a_rule(handler: Handler, call: Call) -> Reply:
    try:
        return await handler(call)
    except Refused as refused:
        refused.broken = (*refused.broken, "anam.session.quality")
        raise


async def says_it_in_other_words(handler: Handler, call: Call) -> Reply:
    try:
        return await handler(call)
    except Refused as refused:
        refused.rule = replace(refused.rule, error="Too many")
        raise


async def takes_tokens_twice(handler: Handler, call: Call) -> Reply:
    call.tenant.set("token_reuse", "allow")
    return await handler(call)


def takes_old_tokens(server: MockServer) -> None:
    vendor: Any = server._endpoints[VENDOR].vendor
    holder = vendor._tokens.holder

    def hold(token: str, tenants: Tenants) -> Credential:
        credential: Credential = holder(token, tenants)
        if "expired" not in str(credential.refused):
            return credential
        claims = jwt.decode(token, options={"verify_signature": False})
        return Credential("sessionToken", tenants.by_name(claims["accountId"]), token=claims["jti"])

    vendor._tokens.holder = hold


async def keeps_the_slot(handler: Handler, call: Call) -> Reply:
    before = call.tenant.active
    reply = await handler(call)
    call.tenant.active = before
    return reply


async def keeps_the_deleted(handler: Handler, call: Call) -> Reply:
    kept = call.tenant.sessions.get(call.params["id"])
    reply = await handler(call)
    if kept is not None:
        call.tenant.sessions[kept.id] = kept
    return reply


async def crashes_without_a_body(handler: Handler, call: Call) -> Reply:
    if not call.body:
        raise KeyError("personaConfig")
    return await handler(call)


async def swaps_the_size(handler: Handler, call: Call) -> Reply:
    reply = await handler(call)
    session = call.tenant.sessions[reply.session or ""]
    if session.plan is not None:
        session.plan = replace(session.plan, width=session.plan.height, height=session.plan.width)
    return reply


async def leaves_a_task(handler: Handler, call: Call) -> Reply:
    call.tenant.memory["left"] = asyncio.get_running_loop().create_task(asyncio.sleep(3600), name="forgotten")
    return await handler(call)


async def faults_unseen(handler: Handler, call: Call) -> Reply:
    call.tenant._harness_faults.append(HarnessFault("an own reply was wrong", "Report it"))
    return await handler(call)


async def cuts_a_connection(_handler: Handler, _call: Call) -> Reply:
    raise Cut


def loses_entries(server: MockServer) -> None:
    endpoint = server._endpoints[VENDOR]
    close = endpoint._close

    def closing(credential: Credential, entry: Any, *rest: Any) -> bytes:
        payload = close(credential, entry, *rest)
        if credential.tenant is not None and entry.number > 1:
            credential.tenant.journal.entries.pop()
        return payload

    endpoint._close = closing  # type: ignore[method-assign]


def lets_anybody_in(server: MockServer) -> None:
    vendor: Any = server._endpoints[VENDOR].vendor
    authenticate = vendor.authenticate

    def admit(headers: Any, tenants: Any) -> Credential:
        credential = authenticate(headers, tenants)
        first = next(iter(tenants), None)
        return Credential("apiKey", first) if credential.refused is not None and first is not None else credential

    vendor.authenticate = admit


BROKEN: dict[str, tuple[Spoil, str]] = {
    "accepts half pairs": (wrapped("startSession", accepts_half_pairs), "accepted what breaks a rule"),
    "knows one pair more": (wrapped("startSession", knows_one_pair_more), "accepted what breaks a rule"),
    "lets anybody in": (lets_anybody_in, "accepted what breaks a rule"),
    "takes tokens twice": (wrapped("startSession", takes_tokens_twice), "accepted what breaks a rule"),
    "takes old tokens": (takes_old_tokens, "accepted what breaks a rule"),
    "refuses portrait": (wrapped("startSession", refuses_portrait), "refused what keeps all rules"),
    "answers 202": (wrapped("stopSession", answers_202), "undocumented status"),
    "drops a field": (wrapped("startSession", drops_a_field), "reply outside the schema"),
    "names another rule": (wrapped("startSession", names_another_rule), "wrong rule named"),
    "adds a rule": (wrapped("startSession", adds_a_rule), "wrong rule named"),
    "says it in other words": (wrapped("startSession", says_it_in_other_words), "wrong error text"),
    "keeps the slot": (wrapped("stopSession", keeps_the_slot), "wrong facts"),
    "keeps the deleted": (wrapped("deleteSession", keeps_the_deleted), "accepted what breaks a rule"),
    "crashes without a body": (wrapped("startSession", crashes_without_a_body), "server error"),
    "swaps the size": (wrapped("startSession", swaps_the_size), "wrong size"),
    "loses entries": (loses_entries, "journal"),
    "leaves a task": (wrapped("getConcurrency", leaves_a_task), "left behind"),
    "faults unseen": (wrapped("getConcurrency", faults_unseen), "harness fault"),
    "cuts a connection": (wrapped("listAvatars", cuts_a_connection), "no answer"),
    **{wrong: (spoil, "accepted what breaks a rule") for wrong, spoil in LENIENT.items()},
    **UNTRUE,
}
"""What is wrong -> how it is brought about, and the kind of defect that it is."""

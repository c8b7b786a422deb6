"""The words that everybody may read, since they stand in the contract or in HTTP itself."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from mockvendors.contract import Contract

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
MEDIA_TYPES = frozenset(
    {
        "*/*",
        "application/json",
        "application/octet-stream",
        "application/problem+json",
        "application/x-www-form-urlencoded",
        "application/xml",
        "multipart/form-data",
        "text/event-stream",
        "text/html",
        "text/plain",
    }
)
PHRASES = frozenset(status.phrase for status in HTTPStatus)
HEADERS = frozenset(
    {
        *("accept", "allow", "authorization", "content-type", "location", "retry-after", "server", "user-agent"),
        *("www-authenticate", "x-mockvendors-rule"),
    }
)
"""Those whose values are kept, or have a stand-in of their own shape."""
NAMED_HEADERS = frozenset(
    {
        *("accept-language", "accept-ranges", "access-control-allow-credentials", "access-control-allow-headers", "age"),
        *("access-control-allow-methods", "access-control-allow-origin", "access-control-expose-headers", "alt-svc", "api-key"),
        *("baggage", "cache-control", "cf-cache-status", "cf-ray", "content-disposition", "content-language", "cookie", "dnt"),
        *("content-security-policy", "cross-origin-opener-policy", "cross-origin-resource-policy", "etag", "expires", "from"),
        *("forwarded", "idempotency-key", "if-match", "if-modified-since", "if-none-match", "last-modified", "link", "origin"),
        *("pragma", "proxy-authorization", "range", "ratelimit-limit", "ratelimit-policy", "ratelimit-remaining", "referer"),
        *("ratelimit-reset", "referrer-policy", "server-timing", "set-cookie", "strict-transport-security", "traceparent"),
        *("tracestate", "vary", "via", "x-access-token", "x-amzn-requestid", "x-amzn-trace-id", "x-api-key", "x-api-token"),
        *("x-api-version", "x-auth-token", "x-cache", "x-client-version", "x-content-type-options", "x-correlation-id"),
        *("x-csrf-token", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-frame-options", "x-powered-by"),
        *("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-real-ip", "x-request-id", "x-requested-with"),
        *("x-response-time", "x-runtime", "x-sdk-version", "x-session-id", "x-trace", "x-trace-id", "x-vercel-id", "x-version"),
        *("x-xss-protection", "x-token", "x-key"),
    }
)
"""Headers that many clients and servers send: their names stay, their values do not. Any other name may be somebody's word."""
FRAME = NAMED_HEADERS | {
    *("interactions", "request", "response", "headers", "body", "method", "uri", "status", "code", "string", "message"),
    *("version", "vendor.invalid", "host-", "key", "token", "text", "name", "jwt"),
}
"""What stands in every cassette, whatever was sent."""
_JSON_TYPES = {"string", "number", "integer", "boolean", "object", "array", "null", "true", "false"}
_CLAIMS = {
    *("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "name", "kind", "identity", "video", "audio", "attributes", "metadata"),
    *("sha256", "accountId", "exp_in", "room", "roomJoin", "roomCreate", "roomList", "roomRecord", "roomAdmin", "roomConfig"),
    *("canPublish", "canSubscribe", "canPublishData", "canPublishSources", "canUpdateOwnMetadata", "hidden", "recorder"),
    *("agent", "standard", "sip", "ingress", "egress", "lk.publish_on_behalf", "ingressAdmin", "destinationRoom", "roomPreset"),
    *("canSubscribeMetrics", "inference", "observability", "admin", "call", "perform", "write", "scope", "typ", "alg", "kid"),
}
"""Names and kinds of LiveKit's tokens."""


def public_words(contract: Contract) -> frozenset[str]:
    """Return every text that is public as a whole: of the contract, of HTTP, of JSON, of LiveKit's tokens."""
    raw = contract.raw
    found = set(METHODS | MEDIA_TYPES | PHRASES | HEADERS | _JSON_TYPES | _CLAIMS)
    for rule in contract.rules.values():
        found |= {rule.id, rule.error, rule.reason or ""}
    found |= {segment for path in raw["paths"] for segment in path.split("/") if not segment.startswith("{")}
    found |= set(_texts(raw.get("x-tables", {}))) | set(_named([raw["paths"], raw.get("components", {})]))
    return frozenset(found - {""})


def _texts(node: Any) -> Iterator[str]:  # noqa: ANN401 - any node of the document
    """Yield every text of a table, its keys too."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        yield from node
        for item in node.values():
            yield from _texts(item)
    elif isinstance(node, list):
        for item in node:
            yield from _texts(item)


def _named(node: Any) -> Iterator[str]:  # noqa: ANN401 - any node of the document
    """Yield of schemas the names of properties and the values that are listed."""
    if isinstance(node, list):
        for item in node:
            yield from _named(item)
    if not isinstance(node, Mapping):
        return
    if isinstance(node.get("properties"), Mapping):
        yield from node["properties"]
    if isinstance(node.get("enum"), list):
        yield from (value for value in node["enum"] if isinstance(value, str))
    if isinstance(node.get("const"), str):
        yield node["const"]
    for item in node.values():
        yield from _named(item)

"""The OpenAPI document of the admin API, made from its table."""

import re
from typing import Any

import msgspec

from mockvendors import __version__
from mockvendors.admin.messages import Nothing, Problem
from mockvendors.admin.table import ROWS, Row

_REFERENCE = "#/components/schemas/{name}"
_REFUSALS = {
    400: "Something in the call is wrong",
    401: "The token is missing or wrong",
    403: "The call comes from another machine's page",
    413: "The body is too large",
}
_NOT_FOUND = "There is no such session"


def document() -> dict[str, Any]:
    """Return the document; it is the same for every mock."""
    types = [Problem, *(row.reply for row in ROWS), *(row.body for row in ROWS if row.body is not Nothing)]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REFERENCE)
    schema_of = dict(zip((repr(kind) for kind in types), schemas, strict=True))
    paths: dict[str, Any] = {}
    for row in ROWS:
        paths.setdefault(f"/_mock{row.path}", {})[row.method.lower()] = _operation(row, schema_of)
    paths["/_mock/openapi.json"] = {
        "get": {
            "operationId": "readDocument",
            "summary": "This document",
            "responses": {"200": _answer("An OpenAPI document", {"type": "object"}), **_refusals(schema_of, (401, 403))},
        }
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "mockvendors, the admin API", "version": __version__},
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{}, {"token": []}],
    }


def _operation(row: Row, schema_of: dict[str, Any]) -> dict[str, Any]:
    refused = [400, 401, 403, 413]
    told: dict[str, Any] = {
        "operationId": row.id,
        "summary": row.text,
        "parameters": [*_path(row.path), *_query(row.query)],
        "responses": {str(row.status): _answer(row.text, schema_of[repr(row.reply)]), **_refusals(schema_of, refused)},
    }
    if row.streams:
        told["responses"][str(row.status)]["content"]["application/x-ndjson"] = {"schema": {}}
    if "{" in row.path:
        told["responses"]["404"] = _answer(_NOT_FOUND, schema_of[repr(Problem)])
    if row.body is not Nothing:
        needed = any(field.required for field in msgspec.structs.fields(row.body))
        told["requestBody"] = {"required": needed, "content": {"application/json": {"schema": schema_of[repr(row.body)]}}}
    return told


def _path(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"{(\w+)}", path)
    ]


def _query(kind: type[msgspec.Struct]) -> list[dict[str, Any]]:
    if kind is Nothing:
        return []
    (_, components) = msgspec.json.schema_components([kind])
    properties = components[kind.__name__]["properties"]
    return [{"name": name, "in": "query", "schema": _scalar(schema)} for name, schema in properties.items()]


def _scalar(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter: left out is how a query says null."""
    choices = [choice for choice in schema.get("anyOf", []) if choice != {"type": "null"}]
    return choices[0] if len(choices) == 1 else {name: value for name, value in schema.items() if name != "default"}


def _refusals(schema_of: dict[str, Any], statuses: Any) -> dict[str, Any]:  # noqa: ANN401 - any numbers
    return {str(status): _answer(_REFUSALS[status], schema_of[repr(Problem)]) for status in statuses}


def _answer(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}

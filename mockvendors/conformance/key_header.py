"""Where a vendor's contract has the API key of a request."""

from mockvendors.contract import Contract


def key_header(contract: Contract, operation: str) -> tuple[str, str]:
    """Return the header in lower case, and the scheme before the key: empty where the key stands alone."""
    known = contract.operations[operation]
    scheme = contract.raw["components"]["securitySchemes"][known.security[0]]
    return (scheme["name"].lower(), "") if scheme["type"] == "apiKey" else ("authorization", scheme["scheme"].capitalize())

"""One module a vendor, holding only what its contract cannot say."""

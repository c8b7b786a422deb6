"""One module a vendor, holding only what its contract cannot say; `mockvendors.registry` finds it by the vendor's name."""

"""Loaded by pytest through the entry point `mockvendors`."""

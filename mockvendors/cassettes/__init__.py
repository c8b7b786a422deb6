"""Cassettes: recording, scrubbing and reading what was exchanged with a vendor, or with a stand-in."""

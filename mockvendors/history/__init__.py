"""A plugin over its versions: each judged by one suite, what changed between neighbours, and why, written into a document."""

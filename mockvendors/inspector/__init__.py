"""The live page of `mockvendors serve`: whose sessions run, their faces and voices, and what was asked of the mock."""

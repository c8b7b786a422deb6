"""`python -m mockvendors` is `mockvendors`."""

from mockvendors.cli import main

main()

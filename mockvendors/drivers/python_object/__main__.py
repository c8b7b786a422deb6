"""Run the driver: `python mockvendors/drivers/python_object --object MODULE:FACTORY`."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

# Our own modules come last, as packages, so that none of them can stand before a module of the object's environment.
HERE = Path(__file__).resolve().parent
sys.path = [folder for folder in sys.path if Path(folder or ".").resolve() != HERE]
sys.path.append(str(HERE.parent))


def main() -> None:
    """Parse the arguments and serve."""
    import python_object  # type: ignore[import-not-found]  # found by the path above, when this runs
    from livekit_agents.channel import Channel  # type: ignore[import-not-found]  # as above
    from livekit_agents.logs import install  # type: ignore[import-not-found]  # as above
    from python_object.driver import ObjectDriver  # type: ignore[import-not-found]  # as above

    parser = argparse.ArgumentParser(description=python_object.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--object", required=True, help="MODULE:FACTORY or FILE.py:FACTORY")
    module, _, factory = parser.parse_args().object.rpartition(":")
    channel = Channel()
    install(channel)
    asyncio.run(ObjectDriver(channel, module, factory).serve())
    channel.close()
    sys.stdout.flush()
    os._exit(0)  # threads of the object's hold the interpreter open; everything of ours is closed by now


if __name__ == "__main__":
    main()

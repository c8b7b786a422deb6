"""Run the driver: `python mockvendors/drivers/livekit_agents --plugin MODULE --description FILE`."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

# Our own modules come last, as one package, so that none of them can stand before a module of the plugin's environment.
HERE = Path(__file__).resolve().parent
sys.path = [folder for folder in sys.path if Path(folder or ".").resolve() != HERE]
sys.path.append(str(HERE.parent))


def main() -> None:
    """Parse the arguments and serve."""
    import livekit_agents  # type: ignore[import-not-found]  # found by the path above, when this runs
    from livekit_agents.channel import Channel  # type: ignore[import-not-found]
    from livekit_agents.driver import Driver  # type: ignore[import-not-found]
    from livekit_agents.logs import install  # type: ignore[import-not-found]
    from livekit_agents.replay import ReplayDriver  # type: ignore[import-not-found]

    parser = argparse.ArgumentParser(description=livekit_agents.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plugin", required=True, help="module of the plugin, or a Python file")
    parser.add_argument("--description", required=True, help="Python file that makes the plugin's avatar session from options")
    parser.add_argument("--replay", action="store_true", help="open no connection; the harness answers each HTTP request (vcrpy)")
    arguments = parser.parse_args()
    channel = Channel()
    install(channel)
    driver = ReplayDriver if arguments.replay else Driver

    async def run() -> None:
        await driver(channel, arguments.plugin, arguments.description).serve()

    asyncio.run(run())
    channel.close()
    sys.stdout.flush()
    os._exit(0)  # job threads and the native library hold the interpreter open; everything of ours is closed by now


if __name__ == "__main__":
    main()

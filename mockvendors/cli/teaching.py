"""What the help pages say beside the options; a paragraph that begins with a backspace is printed as it stands."""

MAIN = """\b
Examples:
  mockvendors doctor                       what this machine has, and lacks
  mockvendors serve anam                   a face for the agent that you build
  mockvendors check anam                   judge a plugin
  pytest --pyargs mockvendors.suites.anam  the same, with your own settings
  pytest suites/anam                       the same, in a checkout

\b
Exit codes, of pytest as well:
  0  as expected         4  wrong input: option, setting, vendor, variable
  1  the plugin failed   5  nothing ran
  2  interrupted         6  not everything could be verified here
  3  internal error      7  our fault or the machine's: a port in use
"""

SERVE = """\b
Examples:
  mockvendors serve anam
      copy the lines that it prints into your agent's shell
  mockvendors serve anam --port 8090 --key mine
      the same address and key each time
  mockvendors serve anam --set max_concurrent=1 --set plan=free
      the second session gets 429, the first ends after three minutes
  mockvendors serve anam --set account=spend_cap
      a start gets 429 "Spend cap reached"
  mockvendors serve anam --fault status:status=503,calls=1-2
      the first two calls of each operation get 503, the third is answered
  mockvendors serve anam --fault joins-late:seconds=5,session=1
      the avatar of the first session joins five seconds late
  mockvendors serve anam --settings
      what else can be set, and the defaults
  mockvendors serve anam --json --no-livekit
      for a script: one JSON object, no LiveKit server

Any avatar id works: the mock stands in for avatars that it does not know (--set unknown_avatars=refuse: they get 404).

LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET, all three, name a LiveKit server of your own; without them one is found
or started.

\b
Exit codes:
  0  ended by Ctrl-C or SIGTERM
  2  interrupted before it served
  4  wrong input: option, setting, vendor, address, half of the variables
  7  the port is in use, or the LiveKit server died
"""

DOCTOR = """\b
Examples:
  mockvendors doctor
  mockvendors doctor --json | jq .can_run

\b
Exit codes:
  0  a session can run here
  7  it cannot; the remedies are told
"""

LIVEKIT = """\b
Examples:
  mockvendors livekit
      before the first run, or while an image is built
  MOCKVENDORS_LIVEKIT=docker mockvendors livekit
      this way and no other: url, path, cache, docker or build

\b
Exit codes:
  0  a LiveKit server can be had
  4  the environment's variables contradict each other
  7  there is no way to one; each is told with its remedy
"""

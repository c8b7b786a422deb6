"""The stand-in participant: joins a room, publishes stamped frames and a voice, speaks what it is sent."""

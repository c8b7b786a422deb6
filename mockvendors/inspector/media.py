"""Pictures and sound as a browser takes them: JPEG, and a WAV file without an end."""

import io
import struct

from livekit import rtc
from PIL import Image

RATE = 48_000
_QUALITY = 80
"""The strip of a stamped frame still reads, and 1152x768 takes 40 KB."""
_ENDLESS = 0xFFFFFFFF
"""The size of a WAV file that is not known yet: players go on until the connection ends."""
BOUNDARY = "frame"


def jpeg(frame: rtc.VideoFrame) -> bytes:
    """Return the frame as JPEG; some ten milliseconds of work, for a thread."""
    plain = frame.convert(rtc.VideoBufferType.RGB24)
    target = io.BytesIO()
    Image.frombuffer("RGB", (plain.width, plain.height), bytes(plain.data)).save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()


def part(picture: bytes) -> bytes:
    """Return a picture as part of a multipart/x-mixed-replace body; its closing boundary makes a browser show it."""
    head = f"Content-Type: image/jpeg\r\nContent-Length: {len(picture)}\r\n\r\n".encode()
    return head + picture + f"\r\n--{BOUNDARY}\r\n".encode()


def wav_header() -> bytes:
    """Return the header of an endless WAV file: 48 kHz, one channel, 16 bits."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", _ENDLESS, b"WAVE") + form + struct.pack("<4sI", b"data", _ENDLESS)

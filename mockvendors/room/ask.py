"""Ask, by one authenticated call, whether a LiveKit server is there and takes this key and secret."""

import http.client
import json
import time
import urllib.error
import urllib.request
from typing import Literal
from urllib.parse import urlsplit

import jwt

from mockvendors.redact import redact_text

Answer = Literal["ours", "refused", "stranger", "silent"]
"""ours: takes key and secret · refused: a LiveKit, not with these · stranger: something else · silent: nobody there."""

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_UNAUTHORIZED = 401


def ask(http_url: str, api_key: str, api_secret: str, limit: float) -> tuple[Answer, str]:
    """List the rooms of the server; return what that says of it, and the detail for a person."""
    request = urllib.request.Request(  # noqa: S310 - the scheme is http(s), made from the ws(s) of LiveKit.url
        f"{http_url.rstrip('/')}/twirp/livekit.RoomService/ListRooms",
        data=b"{}",
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {_token(api_key, api_secret)}"},
    )
    try:
        with _opener(http_url).open(request, timeout=limit) as reply:
            rooms = json.loads(reply.read())
    except urllib.error.HTTPError as why:
        said = why.read(2000).decode(errors="replace").strip()
        detail = f"HTTP {why.code}: {redact_text(said)[:300]}"  # LiveKit repeats the token that it refuses
        return ("refused" if why.code == _UNAUTHORIZED else "stranger"), detail
    except OSError as why:  # also an end without a word (RemoteDisconnected), as of a server that is only starting
        return "silent", str(getattr(why, "reason", why)) or type(why).__name__
    except http.client.HTTPException:
        return "stranger", "it answered with something that is not HTTP"
    except ValueError:
        return "stranger", "it answered with something that is not JSON"
    if not isinstance(rooms, dict):
        return "stranger", "it answered with something that is no list of rooms"
    return "ours", f"{len(rooms.get('rooms', []))} rooms"


def _token(api_key: str, api_secret: str) -> str:
    now = int(time.time())
    claims = {"iss": api_key, "nbf": now - 60, "exp": now + 600, "video": {"roomList": True}}
    return jwt.encode(claims, api_secret, algorithm="HS256")


def is_loopback(url: str) -> bool:
    """Tell whether the address is on this machine."""
    return urlsplit(url).hostname in _LOOPBACK


def _opener(url: str) -> urllib.request.OpenerDirector:
    """Never send loopback through a proxy, whatever the environment names."""
    if is_loopback(url):
        return urllib.request.build_opener(urllib.request.ProxyHandler({}))
    return urllib.request.build_opener()

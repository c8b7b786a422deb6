"""A driver in plain Python that keeps to the protocol, but for the one thing that its argument names."""

# ruff: noqa: C901, T201, S310, S607, PLW0603, PLR0911, PLR0912 - a program of its own, which speaks by its standard output

import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

wrong = sys.argv[1] if len(sys.argv) > 1 else ""
sessions = {}
greeted = False


speaking = threading.Lock()


def send(**message):
    with speaking:  # a start answers from a thread of its own, and lines are not to mix
        print(json.dumps(message), flush=True)


def driver_error(text):
    return {"kind": "driver", "class": "Refused", "message": text}


def start(number, base_url):
    try:
        urllib.request.urlopen(f"{base_url}/start", data=b"{}", timeout=20)
        send(id=number, ok={})
    except urllib.error.HTTPError as exc:
        if wrong == "start-waits-on":
            return
        send(id=number, error={"kind": "vendor_status", "class": "HTTPError", "message": str(exc), "status": exc.code})


def hello(request):
    global greeted
    if greeted and wrong != "hello-twice":
        return {"error": driver_error("hello was said already")}
    if 1 not in request["protocol"] and wrong != "any-protocol":
        return {"error": driver_error("I speak protocol 1")}
    greeted = True
    if wrong.startswith("import-"):
        send(event="importing", session="", t_ms=1, what="toy")
        print("about to import", file=sys.stderr, flush=True)
        time.sleep(600) if wrong == "import-hangs" else os._exit(9)
    if wrong == "cannot-load":
        print("no toy shop either", file=sys.stderr, flush=True)
        return {"error": {"kind": "configuration", "class": "ImportError", "message": "there is no plugin toy"}}
    named = {} if wrong == "nameless" else {"name": "toy"}
    protocol = 2 if wrong == "protocol-2" else 1
    room, wait, limits = ["room"], ["wait-for-join"], ["connection-options"]
    claimed = {"lies-of-rooms": room, "dies-of-rooms": room, "lies-of-waiting": wait, "lies-of-limits": limits}
    claimed["claims-a-typo"] = ["viedo-size"]
    return {"ok": {"protocol": protocol, "implementation": {**named, "version": "3"}, "capabilities": claimed.get(wrong, [])}}


def answer(request):
    cmd, session = request["cmd"], request.get("session")
    if cmd == "hello":
        if greeted and wrong == "dies-of-a-second-hello":
            sys.exit("once is enough")
        return hello(request)
    if cmd == "shutdown" and wrong == "leaves-without-a-word":
        return None
    if cmd in {"ping", "shutdown"}:
        return {"ok": {}}
    if cmd == "open":
        if wrong == "no-session":
            return {"unsupported": "a session without a room"}
        if wrong == "bug-in-open":
            return {"error": driver_error("oh no")}
        if request["connect"]:
            if wrong == "dies-of-rooms":
                sys.exit("no such room")
            return {"unsupported": "a room"}
        sessions[session] = request["vendor"]["base_url"]
        return {"ok": {} if wrong == "no-identity" else {"identity": "agent"}}
    if cmd not in {"start", "close"}:
        return {"error": driver_error("never heard of it")} if wrong == "unknown-is-error" else {"unsupported": cmd}
    if session not in sessions and wrong != "any-session":
        return {"error": driver_error("no such session")}
    if cmd == "start" and session in sessions:
        if wrong == "dies-in-start":
            sys.exit("out of luck")
        if wrong == "hangs-in-start":
            time.sleep(600)
        if wrong == "start-never-returns":
            return None
        if wrong == "driver-bug":
            return {"error": driver_error("oh no")}
        if request["connection"]:
            return {"unsupported": "limits"}
        if wrong == "one-at-a-time":
            return start(request["id"], sessions[session])
        threading.Thread(target=start, args=(request["id"], sessions[session]), daemon=True).start()
        return None
    return {"ok": {"closed_ms": "soon" if wrong == "text-for-number" else 1}}


if wrong == "dies":
    sys.exit("I have no licence")
if wrong == "mute":
    time.sleep(600)
for line in sys.stdin:
    request = json.loads(line)
    if wrong == "prints" and request["cmd"] == "open":
        print("opening a session ...", flush=True)
    if wrong == "child" and request["cmd"] == "open":
        subprocess.Popen(["sleep", "600"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    reply = answer(request)
    if reply is not None:
        send(id=request["id"] + (100 if wrong == "other-id" and request["cmd"] == "close" else 0), **reply)
    if wrong == "answers-twice" and request["cmd"] == "ping":
        send(id=request["id"], ok={})
    if wrong == "event" and request["cmd"] == "open":
        send(event="log", session=request["session"], text="no level")
    if request["cmd"] == "shutdown":
        if wrong == "hangs-at-shutdown":
            time.sleep(600)
        os._exit(3 if wrong == "exit-3" else 0)
if wrong == "outlives":
    time.sleep(600)
os._exit(0)

"""Request bodies of the tests, built on the smallest valid one."""

CARA_4 = "6c1f0d3e-5b0a-4c58-9d1e-000000000001"
CARA_3_AND_4 = "6c1f0d3e-5b0a-4c58-9d1e-00000000000b"
CARA_3 = "6c1f0d3e-5b0a-4c58-9d1e-00000000000c"
CARA_2 = "6c1f0d3e-5b0a-4c58-9d1e-00000000000d"
PERSONA_CARA_3 = "7d2e1c4f-6a1b-4d69-8e2f-000000000002"
ROOM = {"livekitUrl": "ws://127.0.0.1:7880", "livekitToken": "join-token"}


def body(avatar=CARA_4, **persona):
    return {"personaConfig": {"avatarId": avatar, **persona}}


def sized(width, height, avatar=CARA_4, **persona):
    return {**body(avatar, **persona), "sessionOptions": {"videoWidth": width, "videoHeight": height}}


def options(**sent):
    return {**body(), "sessionOptions": sent}


def notes(**sent):
    return body(directorNotes=sent)


def room(**more):
    return {**body(), "environment": ROOM, **more}

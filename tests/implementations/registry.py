"""An npm registry of a test's own: the real npm asks it, and installs what it has."""

import base64
import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


def packed(manifest, files):
    """Return a package as npm packs it."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as tar:
        for name, text in {"package.json": json.dumps(manifest), **files}.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(text.encode())
            tar.addfile(entry, io.BytesIO(text.encode()))
    return data.getvalue()


class Registry:
    """Packages by name and version; `asked` lists what was fetched."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[str] = []
        self._packages: dict[str, dict[str, dict]] = {}
        self._tarballs: dict[str, bytes] = {}

    def add(self, name, version, *, files=None, **fields):
        """Publish a version; the last published one is what npm takes where none is named."""
        manifest = {"name": name, "version": version, "main": "index.js", **fields}
        data = packed(manifest, {"index.js": "", **(files or {})})
        path = f"/tarballs/{name.replace('/', '-')}-{version}.tgz"
        self._tarballs[path] = data
        integrity = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
        self._packages.setdefault(name, {})[version] = {**manifest, "dist": {"tarball": self.url + path, "integrity": integrity}}

    def answer(self, path):
        """Return the body of an answer; None where there is nothing."""
        self.asked.append(unquote(path))
        if path in self._tarballs:
            return self._tarballs[path]
        name = unquote(path).lstrip("/")
        if name not in self._packages:
            return None
        versions = self._packages[name]
        return json.dumps({"name": name, "dist-tags": {"latest": list(versions)[-1]}, "versions": versions}).encode()


@contextmanager
def serving() -> Iterator[Registry]:
    """Yield a registry that answers on loopback."""
    registry = Registry()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = registry.answer(self.path)
            self.send_response(200 if body is not None else 404)
            self.end_headers()
            self.wfile.write(body if body is not None else b"{}")

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    registry.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield registry
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

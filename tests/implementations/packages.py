"""A package index of a test's own: wheels that hold one module, at an address of this machine."""

import html
import threading
import zipfile
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

FRAMEWORK = "livekit-agents"


class Index:
    """Its packages; `gate` can be closed, then answers about `slow` wait for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken_back: dict[str, str] = {}
        self.python: dict[str, str] = {}
        self.gate = threading.Event()
        self.gate.set()
        self.waiting = threading.Event()
        self.url = ""

    def add(self, name: str, version: str, *requires: str, python: str = ">=3.8", taken_back: str = "") -> None:
        """Publish a package, which holds one module named after it."""
        stem = f"{name.replace('-', '_')}-{version}"
        file = self.folder / f"{stem}-py3-none-any.whl"
        about = [f"Name: {name}", f"Version: {version}", f"Requires-Python: {python}", *(f"Requires-Dist: {r}" for r in requires)]
        files = {
            f"{name.replace('-', '_')}.py": f"__version__ = {version!r}\n",
            f"{stem}.dist-info/METADATA": "\n".join(["Metadata-Version: 2.1", *about, ""]),
            f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        record = f"{stem}.dist-info/RECORD"
        with zipfile.ZipFile(file, "w") as wheel:
            for path, text in files.items():
                wheel.writestr(path, text)
            wheel.writestr(record, "".join(f"{path},,\n" for path in [*files, record]))
        self.python[file.name] = html.escape(python)
        if taken_back:
            self.taken_back[file.name] = taken_back

    def page(self, package: str) -> str | None:
        """Return the list of a package's files, None for an unknown one."""
        found = sorted(self.folder.glob(f"{package.replace('-', '_')}-[0-9]*.whl"))
        links = [
            f'<a href="/files/{f.name}" data-requires-python="{self.python[f.name]}"{self._yanked(f.name)}>{f.name}</a>'
            for f in found
        ]
        return f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>" if links else None

    def _yanked(self, name: str) -> str:
        return f' data-yanked="{self.taken_back[name]}"' if name in self.taken_back else ""


class Handler(BaseHTTPRequestHandler):
    """Answers what uv asks for."""

    def __init__(self, index: Index, *arguments: object) -> None:
        self.index = index
        super().__init__(*arguments)

    def do_GET(self) -> None:
        kind, name = self.path.strip("/").split("/")[:2]
        if name == "slow" and not self.index.gate.is_set():
            self.index.waiting.set()
            self.index.gate.wait()
        file = self.index.folder / name
        if kind == "files" and file.is_file():
            self.say(200, file.read_bytes(), "application/octet-stream")
        elif kind == "simple" and (page := self.index.page(name)):
            self.say(200, page.encode(), "text/html")
        else:
            self.say(404, b"", "text/plain")

    def say(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815 - the base class has it so

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(folder: Path):
    """Yield an index that answers at `url`."""
    index = Index(folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, index)) as server:
        server.daemon_threads = True
        index.url = f"http://127.0.0.1:{server.server_port}/simple"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield index
        finally:
            index.gate.set()
            server.shutdown()
            thread.join()

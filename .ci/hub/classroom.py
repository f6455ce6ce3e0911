"""Three students on one JupyterHub with the kernel that all users of a machine share.

    classroom.py SHARED PROXY

SHARED is the prefix of `go run ./kernel install --prefix SHARED`, PROXY the program
configurable-http-proxy. Runs as root: it makes three accounts and removes them. They
log in over HTTP, start their servers at the same time, run notebooks 00 and 03, and
try to read each other's files.
"""

import asyncio
import getpass
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid

from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

NOTEBOOKS = ["00_", "03_"]
SECRET = "only its owner reads this"
FIRST = "the first answer"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


class Accounts:
    """Three accounts that are removed again, with all that they run."""

    def __init__(self, base):
        self.names, self.password = [], secrets.token_hex(16)
        self.homes = os.path.join(base, "home")
        os.mkdir(self.homes, 0o755)

    def add(self):
        name = f"convbook-ci-{os.getpid() % 100000}-{len(self.names)}"
        self.names.append(name)
        run("useradd", "--create-home", "--base-dir", self.homes, "--shell", "/bin/bash", "-K", "HOME_MODE=0700", name)
        run("chpasswd", input=f"{name}:{self.password}\n")
        secret = os.path.join(self.homes, name, "secret")
        with open(secret, "w") as f:
            f.write(SECRET)
        os.chmod(secret, 0o644)
        shutil.chown(secret, name, name)

    def remove(self):
        for name in self.names:
            try:
                uid = pwd.getpwnam(name).pw_uid
            except KeyError:
                continue
            for pid in filter(str.isdigit, os.listdir("/proc")):
                try:
                    if os.stat(f"/proc/{pid}").st_uid == uid:
                        os.kill(int(pid), signal.SIGKILL)
                except (FileNotFoundError, ProcessLookupError):
                    pass
            subprocess.run(["userdel", "--force", "--remove", name], capture_output=True)


class Student:
    """A student with a browser."""

    def __init__(self, url, name):
        self.url, self.name, self.cookies, self.token = url, name, {}, None
        self.client = AsyncHTTPClient()

    async def ask(self, method, path, body=None, form=None, fails=False):
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if self.token:
            headers = {"Authorization": f"token {self.token}"}
        elif "_xsrf" in self.cookies:
            headers["X-XSRFToken"] = self.cookies["_xsrf"]
        text = None
        if form is not None:
            text, headers["Content-Type"] = urllib.parse.urlencode(form), "application/x-www-form-urlencoded"
        elif method in ("POST", "PUT"):
            text, headers["Content-Type"] = json.dumps(body or {}), "application/json"
        answer = await self.client.fetch(
            HTTPRequest(self.url + path, method, headers, text, follow_redirects=False, request_timeout=60), raise_error=False)
        for line in answer.headers.get_list("Set-Cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.code >= 400 and not fails:
            raise Exception(f"{self.name}: {method} {path}: {answer.code} {answer.body[:500]}")
        return answer

    async def log_in(self, password):
        await self.ask("GET", "/hub/login")
        form = {"username": self.name, "password": password, "_xsrf": self.cookies["_xsrf"]}
        answer = await self.ask("POST", "/hub/login?next=", form=form | {"_xsrf": self.cookies["_xsrf"]})
        if answer.code != 302:
            raise Exception(f"{self.name} cannot log in: {answer.code}")
        await self.ask("GET", "/hub/home")  # its cookies are those of who is logged in
        answer = await self.ask("POST", f"/hub/api/users/{self.name}/tokens")
        self.token = json.loads(answer.body)["token"]

    async def start_server(self):
        await self.ask("POST", f"/hub/api/users/{self.name}/server")
        for _ in range(900):
            answer = await self.ask("GET", f"/user/{self.name}/api/status", fails=True)
            if answer.code == 200:
                return
            await asyncio.sleep(0.1)
        raise Exception(f"the server of {self.name} does not start")

    async def start_kernel(self):
        answer = await self.ask("POST", f"/user/{self.name}/api/kernels", {"name": "convbook"})
        kernel = json.loads(answer.body)["id"]
        self.channel = await websocket_connect(HTTPRequest(
            self.url.replace("http", "ws", 1) + f"/user/{self.name}/api/kernels/{kernel}/channels",
            headers={"Authorization": f"token {self.token}"}), max_message_size=1 << 30)
        return kernel

    async def stop_kernel(self, kernel):
        self.channel.close()
        await self.ask("DELETE", f"/user/{self.name}/api/kernels/{kernel}")

    async def execute(self, code):
        """Runs a cell; returns its reply and all that it shows, as text."""
        asked = uuid.uuid4().hex
        header = {"msg_id": asked, "msg_type": "execute_request", "username": self.name, "session": self.name, "version": "5.3", "date": ""}
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": False}
        await self.channel.write_message(json.dumps(
            {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell", "buffers": []}))
        reply, idle, shown = None, False, ""
        while reply is None or not idle:
            text = await asyncio.wait_for(self.channel.read_message(), 120)
            if text is None:
                raise Exception(f"{self.name}: the kernel is gone")
            message = json.loads(text)
            if message["parent_header"].get("msg_id") != asked:
                continue
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "execute_reply":
                reply = content
            elif kind == "status":
                idle = content["execution_state"] == "idle"
            elif kind == "stream":
                shown += content["text"]
            elif kind in ("display_data", "execute_result"):
                shown += json.dumps(content["data"])
        return reply, shown


def cells(path):
    with open(path, encoding="utf-8") as f:
        notebook = json.load(f)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(cell["source"])


def expect(good, text):
    if not good:
        raise Exception(text)


async def work(student, notebooks):
    """A student runs the notebooks; returns the seconds until the first answer."""
    kernel = await student.start_kernel()
    began = time.monotonic()
    reply, shown = await student.execute(f'import "fmt"\n\n%%\nfmt.Println("{FIRST}")')
    first = time.monotonic() - began
    expect(reply["status"] == "ok" and FIRST in shown, f"{student.name}: {reply} {shown}")
    await student.stop_kernel(kernel)
    course = 0
    for path in notebooks:
        kernel = await student.start_kernel()
        count = 0
        for i, source in enumerate(cells(path)):
            began = time.monotonic()
            reply, _ = await student.execute(source)
            expect(reply["status"] == "ok", f"{student.name}: {os.path.basename(path)}, code cell {i + 1}: {reply}")
            if not course:
                course = time.monotonic() - began
            count += 1
        expect(count > 3, f"{path} has {count} cells with code")
        await student.stop_kernel(kernel)
    return first, course


async def pry(student, others, homes):
    """What a student sees of the others: nothing."""
    kernel = await student.start_kernel()
    for other in others:
        home = os.path.join(homes, other.name)
        for path in ["secret", ".cache/convbook", ".local/share/jupyter/runtime"]:
            reply, shown = await student.execute(f"!cat {home}/{path} {home}/{path}/* 2>&1; ls -R {home}/{path} 2>&1; true")
            expect(reply["status"] == "ok" and SECRET not in shown and shown.count("ermission denied") >= 2,
                   f"{student.name} looks into {home}/{path}: {shown}")
        for path in ["api/contents/secret", "api/kernels", "files/secret"]:
            answer = await student.ask("GET", f"/user/{other.name}/{path}", fails=True)
            expect(answer.code in (302, 403, 404) and SECRET not in answer.body.decode(errors="replace"),
                   f"{student.name} gets /user/{other.name}/{path}: {answer.code}")
        answer = await student.ask("POST", f"/user/{other.name}/api/kernels", {"name": "convbook"}, fails=True)
        expect(answer.code in (302, 403), f"{student.name} starts a kernel of {other.name}: {answer.code}")
    # The processes of others show neither their environment nor their memory.
    reply, shown = await student.execute(
        "!for p in /proc/[0-9]*; do [ -O $p ] || cat $p/environ 2>/dev/null; done | wc -c")
    expect(shown.strip() == "0", f"{student.name} reads the environments of others: {shown}")
    await student.stop_kernel(kernel)


async def class_hour(url, accounts, notebooks):
    students = [Student(url, name) for name in accounts.names]
    for student in students:
        await student.log_in(accounts.password)
    began = time.monotonic()
    await asyncio.gather(*(s.start_server() for s in students))
    print(f"three servers started at the same time after {time.monotonic() - began:.1f} s")
    began = time.monotonic()
    took = await asyncio.gather(*(work(s, notebooks) for s in students))
    for i, (first, course) in enumerate(took):
        print(f"student {i + 1}, while the others work: the first answer after {first:.2f} s, the first cell of the course after {course:.2f} s")
        expect(first < 15 and course < 15, "a student waits as if everything was compiled anew")
    print(f"all have run {len(notebooks)} notebooks after {time.monotonic() - began:.1f} s")
    for s in students:
        await pry(s, [o for o in students if o is not s], accounts.homes)
    print("none of them sees anything of the others")
    for name in accounts.names:
        own = run("du", "-sm", os.path.join(accounts.homes, name, ".cache", "convbook", "build")).split()[0]
        expect(int(own) < 100, f"{name} has a build cache of {own} MB")
        print(f"{name}: {own} MB in the student's own build cache")


async def main():
    shared, proxy = map(os.path.abspath, sys.argv[1:])
    if getpass.getuser() != "root" and os.getuid() != 0:
        sys.exit("classroom.py makes accounts: run it as root")
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "notebooks")
    notebooks = [os.path.join(root, name) for prefix in NOTEBOOKS for name in sorted(os.listdir(root)) if re.match(prefix + r".*\.ipynb$", name)]
    base = tempfile.mkdtemp(prefix="convbook-hub-", dir="/tmp")
    os.chmod(base, 0o755)
    accounts, hub = Accounts(base), None
    try:
        environment = os.path.join(base, "python")
        shutil.copytree(sys.prefix, environment, symlinks=True)  # root's own cannot be entered
        run("chmod", "-R", "go+rX,go-w", environment)
        os.mkdir(os.path.join(base, "hub"), 0o700)
        for _ in range(3):
            accounts.add()
        python = os.path.join(environment, "bin", "python3")
        run("runuser", "-u", accounts.names[0], "--", python, "-c", "import jupyterhub.singleuser")
        port, url = free_port(), None
        url = f"http://127.0.0.1:{port}"
        settings = {"HUB_BASE": base, "HUB_URL": url, "HUB_PORT": str(free_port()), "HUB_PROXY": proxy, "HUB_PYTHON": python,
                    "HUB_PROXY_API": f"http://127.0.0.1:{free_port()}", "HUB_USERS": " ".join(accounts.names), "HUB_SHARED": shared}
        # Nothing of root's environment helps the students: neither its caches nor its Go.
        path = f"{environment}/bin:{os.path.dirname(shutil.which('node'))}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        hub = subprocess.Popen([python, "-m", "jupyterhub", "-f", os.path.join(os.path.dirname(os.path.abspath(__file__)), "jupyterhub_config.py")],
                               cwd=os.path.join(base, "hub"), env={"PATH": path, "HOME": "/root", "LANG": "C.UTF-8"} | settings, start_new_session=True)
        for _ in range(600):
            expect(hub.poll() is None, "JupyterHub has ended")
            try:
                await AsyncHTTPClient().fetch(url + "/hub/health")
                break
            except Exception:
                await asyncio.sleep(0.1)
        await class_hour(url, accounts, notebooks)
    finally:
        if hub:
            hub.terminate()
            try:
                hub.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(hub.pid, signal.SIGKILL)
        accounts.remove()
        shutil.rmtree(base, ignore_errors=True)


asyncio.run(main())

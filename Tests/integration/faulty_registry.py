"""A registry that misbehaves: a proxy in front of a real one that breaks chosen requests.

usage: faulty_registry.py PORT UPSTREAM-PORT LOG [uploads] [RULE…]

With 'uploads' it takes uploads itself and keeps what has come of a request that broke off, as distribution-spec allows and
docker-registry does not; what is whole goes to the upstream.

A rule is 'METHOD PATTERN COUNT ACTION[=VALUE]': the first COUNT requests (* is all) with that method (* is any) whose path the regular
expression finds are done to as ACTION says, the others are passed on. LOG gets a JSON line for each request.

  status=CODE[,SECONDS]  answer CODE, with Retry-After where SECONDS are given
  cut=N                  close the connection after N bytes of the answer's body
  stall=N                say nothing more after N bytes of the answer's body
  short=N                answer with the first N bytes alone, as if they were all
  flip=N                 change the byte at N of the answer's body
  whole                  do not pass Range on
  shift=N                pass on a Range that begins N bytes later, but claim nothing of it
  upcut=N                pass N bytes of the request's body on and close the connection
  redirect=URL           answer 307 with that Location; {path} is the request's path
  header=NAME:VALUE      change a header of the answer
  body=TEXT              answer 200 with that body (and say nothing of its digest)
"""
import http.client
import http.server
import json
import re
import socketserver
import sys
import threading
import time
import urllib.parse

port, upstream = int(sys.argv[1]), int(sys.argv[2])
log = open(sys.argv[3], "a", buffering=1)
keeps = "uploads" in sys.argv[4:]
uploads = {}
rules = []
for text in sys.argv[4:]:
    if text == "uploads":
        continue
    method, pattern, count, action = text.split(" ", 3)
    name, _, value = action.partition("=")
    rules.append([method, re.compile(pattern), -1 if count == "*" else int(count), name, value])
lock = threading.Lock()


class Proxy(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def rule(self):
        with lock:
            for rule in rules:
                if rule[0] in ("*", self.command) and rule[1].search(self.path) and rule[2] != 0:
                    rule[2] -= 1
                    return rule[3], rule[4]
        return None, ""

    def note(self, status):
        entry = {"method": self.command, "path": self.path, "status": status, "time": time.monotonic()}
        for name in ("Authorization", "Range", "Content-Range", "Content-Length"):
            if self.headers.get(name):
                entry[name] = self.headers[name]
        log.write(json.dumps(entry) + "\n")

    def answer(self, status, headers, body=b""):
        self.note(status)
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def hang_up(self):
        self.wfile.flush()
        self.close_connection = True
        self.connection.shutdown(2)

    def handle_one(self):
        action, value = self.rule()
        if action == "status":
            code, _, seconds = value.partition(",")
            length = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(length)
            error = json.dumps({"errors": [{"code": "TOOMANYREQUESTS", "message": "injected " + code}]}).encode()
            return self.answer(int(code), [("Retry-After", seconds)] if seconds else [], error)
        if action == "redirect":
            return self.answer(307, [("Location", value.replace("{path}", self.path))])
        if keeps and "/blobs/uploads/" in self.path:
            return self.upload(action, value)
        headers = [(name, text) for name, text in self.headers.items() if name.lower() not in ("connection", "accept-encoding")]
        if action in ("whole", "shift"):
            headers = [(name, text) for name, text in headers if name != "Range"]
        if action == "shift" and self.headers.get("Range"):
            first = int(re.search(r"\d+", self.headers["Range"])[0])
            headers.append(("Range", "bytes=%d-" % (first + int(value))))
        connection = http.client.HTTPConnection("127.0.0.1", upstream)
        length = int(self.headers.get("Content-Length") or 0)
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, text in headers:
            connection.putheader(name, text)
        connection.endheaders()
        left = min(length, int(value)) if action == "upcut" else length
        while left:
            piece = self.rfile.read(min(left, 65536))
            if not piece:
                break
            connection.send(piece)
            left -= len(piece)
        if action == "upcut":
            time.sleep(0.2)
            connection.close()
            self.note(0)
            # Until the registry has put away what it has got of the request.
            time.sleep(0.3)
            return self.hang_up()
        response = connection.getresponse()
        body = response.read()
        connection.close()
        out = [(name, text) for name, text in response.getheaders() if name.lower() not in ("content-length", "connection", "transfer-encoding")]
        if action == "header":
            name, _, text = value.partition(":")
            out = [(n, t) for n, t in out if n.lower() != name.lower()] + [(name, text)]
        if action == "body":
            body, response.status = value.encode(), 200
            out = [(n, t) for n, t in out if n.lower() != "docker-content-digest"]
        if action == "flip":
            at = int(value)
            body = body[:at] + bytes([body[at] ^ 1]) + body[at + 1:]
        if action == "short":
            body = body[: int(value)]
        if self.command == "HEAD":
            self.note(response.status)
            self.send_response_only(response.status)
            for name, text in out + [("Content-Length", response.getheader("Content-Length") or "0")]:
                self.send_header(name, text)
            return self.end_headers()
        if action in ("cut", "stall"):
            self.note(response.status)
            self.send_response_only(response.status)
            for name, text in out + [("Content-Length", str(len(body)))]:
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(body[: int(value)])
            self.wfile.flush()
            if action == "stall":
                time.sleep(600)
            return self.hang_up()
        self.answer(response.status, out, body)

    def upload(self, action, value):
        url = urllib.parse.urlparse(self.path)
        repository, _, session = url.path.partition("/blobs/uploads/")
        length = int(self.headers.get("Content-Length") or 0)
        if self.command == "POST":
            session = str(len(uploads) + 1)
            uploads[session] = bytearray()
            return self.answer(202, [("Location", "%s/blobs/uploads/%s" % (repository, session)), ("OCI-Chunk-Min-Length", "400000")])
        data = uploads.get(session)
        if data is None:
            return self.answer(404, [])
        place = [("Location", url.path), ("Range", "0-%d" % max(len(data) - 1, 0))]
        if self.command == "GET":
            return self.answer(204, place)
        claimed = self.headers.get("Content-Range")
        if claimed and int(claimed.split("-")[0]) != len(data):
            self.rfile.read(length)
            return self.answer(416, place)
        if action == "upcut":
            data += self.rfile.read(min(length, int(value)))
            self.note(0)
            return self.hang_up()
        data += self.rfile.read(length)
        if self.command == "PATCH":
            return self.answer(202, [("Location", url.path), ("Range", "0-%d" % max(len(data) - 1, 0))])
        connection = http.client.HTTPConnection("127.0.0.1", upstream)
        connection.request("POST", repository + "/blobs/uploads/")
        begun = connection.getresponse()
        begun.read()
        connection.request("PUT", begun.getheader("Location") + "&" + url.query, bytes(data))
        done = connection.getresponse()
        body = done.read()
        del uploads[session]
        self.answer(done.status, [], body)

    def do_GET(self):
        try:
            self.handle_one()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def log_message(self, *arguments):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64


Server(("127.0.0.1", port), Proxy).serve_forever()

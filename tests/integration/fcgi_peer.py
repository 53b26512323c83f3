#!/usr/bin/env python3
"""A FastCGI peer that misbehaves.  usage: fcgi_peer.py SOCKET MODE [N]

half N   N connections that send half a parameter record and wait; ends when all are closed
drip     one connection that sends its parameters a byte at a time; prints the seconds until it is closed
body     a request whose body stops half-way; prints the answer
keep     a request that asks to keep the connection; prints the answer, ends when it is closed
"""
import socket
import struct
import sys
import time

BEGIN, PARAMS, STDIN = 1, 4, 5


def record(kind, data):
    return struct.pack("!BBHHBB", 1, kind, 1, len(data), 0, 0) + data


def begin(keep):
    return record(BEGIN, struct.pack("!HB5x", 1, keep))


def params(**values):
    pairs = b"".join(bytes([len(k), len(v)]) + k.encode() + v.encode() for k, v in values.items())
    return record(PARAMS, pairs) + record(PARAMS, b"")


def connect():
    peer = socket.socket(socket.AF_UNIX)
    peer.settimeout(40)
    peer.connect(sys.argv[1])
    return peer


def read_all(peer):
    data = b""
    while chunk := peer.recv(65536):
        data += chunk
    return data


request = params(REQUEST_METHOD="POST", REQUEST_URI="/api/v1/stores", CONTENT_TYPE="application/json",
                 CONTENT_LENGTH="60", REMOTE_ADDR="127.0.0.1",
                 HTTP_AUTHORIZATION="Bearer " + (sys.argv[3] if len(sys.argv) > 3 else ""))


def half(n):
    peers = [connect() for _ in range(n)]
    for peer in peers:
        peer.sendall(begin(0) + request[:20])
    print("sent", flush=True)
    for peer in peers:
        read_all(peer)


def drip():
    peer, start = connect(), time.monotonic()
    try:
        for byte in begin(0) + request:
            peer.sendall(bytes([byte]))
            time.sleep(0.2)
    except OSError:
        pass
    print(int(time.monotonic() - start))


def body():
    peer = connect()
    peer.sendall(begin(0) + request + record(STDIN, b'{"name":"half-a-body"'))
    print(read_all(peer).decode(errors="replace"))


def keep():
    peer = connect()
    peer.sendall(begin(1) + params(REQUEST_METHOD="GET", REQUEST_URI="/livez") + record(STDIN, b""))
    print(read_all(peer).decode(errors="replace"))


mode = sys.argv[2]
if mode == "half":
    half(int(sys.argv[3]))
else:
    {"drip": drip, "body": body, "keep": keep}[mode]()

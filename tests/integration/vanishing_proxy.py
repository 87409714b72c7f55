"""A TCP proxy whose side towards the server can vanish, as a machine does that loses its power or its radio link.

Usage: vanishing_proxy.py PORT...   Prints a JSON list of its own ports, in the same order, then reads lines from its input:
`vanish` lets its sockets drop every packet that comes, so that neither an acknowledgement nor a reset goes back;
the end of its input ends it. Standard library only; Linux."""

import ctypes
import json
import selectors
import socket
import sys

SO_ATTACH_FILTER = 26


class Instruction(ctypes.Structure):
    _fields_ = [('code', ctypes.c_uint16), ('jt', ctypes.c_uint8), ('jf', ctypes.c_uint8), ('k', ctypes.c_uint32)]


class Program(ctypes.Structure):
    _fields_ = [('len', ctypes.c_uint16), ('filter', ctypes.POINTER(Instruction))]


def vanish(sock):
    """Attaches the classic BPF program `ret #0`: the kernel drops what comes before TCP sees it."""
    instructions = (Instruction * 1)(Instruction(0x06, 0, 0, 0))
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, bytes(Program(1, instructions)))


def main(ports):
    selector = selectors.DefaultSelector()
    upstreams = []
    has_vanished = False

    def accept(listener, target):
        client, _ = listener.accept()
        server = socket.create_connection(('127.0.0.1', target))
        upstreams.append(server)
        selector.register(client, selectors.EVENT_READ, lambda: forward(client, server))
        selector.register(server, selectors.EVENT_READ, lambda: forward(server, client))

    def forward(source, destination):
        data = source.recv(65536)
        if not data:
            selector.unregister(source)
        elif not has_vanished:
            destination.sendall(data)

    def listen(target):
        listener = socket.create_server(('127.0.0.1', 0))
        selector.register(listener, selectors.EVENT_READ, lambda: accept(listener, target))
        return listener.getsockname()[1]

    print(json.dumps([listen(port) for port in ports]), flush=True)
    selector.register(sys.stdin, selectors.EVENT_READ, None)
    while True:
        for key, _ in selector.select():
            if key.fileobj is not sys.stdin:
                key.data()
            elif sys.stdin.readline() == '':
                return
            else:
                for server in upstreams:
                    vanish(server)
                has_vanished = True
                print('vanished', flush=True)


main([int(argument) for argument in sys.argv[1:]])

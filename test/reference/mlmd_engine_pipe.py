#!/usr/bin/env python3
"""The real C++ ML Metadata engine (PyPI wheel ml-metadata==1.17.1) on stdin and stdout: no gRPC, a store per request.

A request is two texts, each behind its length (4 bytes, little-endian): a method and its request message. An answer is
a code (4 bytes), the nanoseconds that the engine took and those of CPU time that its process used meanwhile (8 bytes
each), and a text, the response message or an error message.
The method `open` takes the path of a SQLite file and goes on with that one.
"""

import struct
import sys
import time

from ml_metadata.metadata_store.pywrap.metadata_store_extension import metadata_store as engine
from ml_metadata.proto import metadata_store_pb2 as ms

READWRITE_OPENCREATE = 3


def read_text():
    header = sys.stdin.buffer.read(4)
    if len(header) < 4:
        sys.exit(0)
    return sys.stdin.buffer.read(struct.unpack('<I', header)[0])


def open_store(path):
    config = ms.ConnectionConfig()
    config.sqlite.filename_uri, config.sqlite.connection_mode = path, READWRITE_OPENCREATE
    return engine.CreateMetadataStore(config.SerializeToString(), ms.MigrationOptions().SerializeToString())


def main():
    store = None
    while True:
        method, request, took, used = read_text().decode(), read_text(), 0, 0
        if method == 'open':
            store = None  # closes the one before
            store = open_store(request.decode())
            code, text = 0, b''
        else:
            call = getattr(engine, method)
            used_before, begun = time.process_time_ns(), time.perf_counter_ns()
            response, message, code = call(store, request)
            took, used = time.perf_counter_ns() - begun, time.process_time_ns() - used_before
            text = message if code else response
        text = text.encode() if isinstance(text, str) else text
        sys.stdout.buffer.write(struct.pack('<iQQI', code, took, used, len(text)) + text)
        sys.stdout.buffer.flush()


if __name__ == '__main__':
    main()

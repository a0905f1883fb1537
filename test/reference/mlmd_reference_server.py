#!/usr/bin/env python3
"""Serve the real C++ ML Metadata engine (PyPI wheel ml-metadata==1.17.1) over gRPC on loopback.

The wheel's own server binary is not on PyPI; the wheel's extension module is the same engine. It answers every RPC but
GetParentContextsByContexts, GetChildrenContextsByContexts and GetLineageGraph (UNIMPLEMENTED). Calls are serialised:
use it for answers, not for throughput.

  pip install ml-metadata==1.17.1            # Python 3.9 to 3.11
  mlmd_reference_server.py --port 8080 --sqlite FILE [--upgrade]
  mlmd_reference_server.py --port 8080                      # in memory
  mlmd_reference_server.py --port 0                         # a free port: the `serving on` line tells which
  mlmd_reference_server.py --port 8080 --mysql HOST:PORT:USER:PASSWORD:DATABASE
  mlmd_reference_server.py --port 8080 --postgres HOST:PORT:USER:PASSWORD:DATABASE
"""

import argparse
import ctypes
import os
import signal
import sys
import threading
from concurrent import futures

import grpc
from ml_metadata.metadata_store.pywrap.metadata_store_extension import metadata_store as engine
from ml_metadata.proto import metadata_store_pb2 as ms
from ml_metadata.proto import metadata_store_service_pb2 as service

READWRITE_OPENCREATE = 3
STATUS = {code.value[0]: code for code in grpc.StatusCode}


def connection_config(args):
    config = ms.ConnectionConfig()
    if args.mysql:
        host, port, user, password, database = args.mysql.split(':')
        config.mysql.host, config.mysql.port, config.mysql.user = host, int(port), user
        config.mysql.password, config.mysql.database = password, database
    elif args.postgres:
        host, port, user, password, database = args.postgres.split(':')
        config.postgresql.host, config.postgresql.port, config.postgresql.user = host, port, user
        config.postgresql.password, config.postgresql.dbname = password, database
    elif args.sqlite:
        config.sqlite.filename_uri, config.sqlite.connection_mode = args.sqlite, READWRITE_OPENCREATE
    else:
        config.fake_database.SetInParent()
    return config


def unary(method, store, lock):
    def call(request, context):
        with lock:
            response, message, code = method(store, request)
        if code:
            text = message.decode('utf-8', 'replace') if isinstance(message, bytes) else message
            context.abort(STATUS[code], text)
        return response

    return grpc.unary_unary_rpc_method_handler(call)


def die_with(parent):
    """No test run, however it ends, leaves an engine behind. Works on a stopped process too, but on Linux only."""
    if sys.platform != 'linux':
        return
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the call
        os.kill(os.getpid(), signal.SIGKILL)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--port', type=int, default=8080)
    parser.add_argument('--sqlite')
    parser.add_argument('--mysql')
    parser.add_argument('--postgres')
    parser.add_argument('--upgrade', action='store_true', help='migrate an older schema')
    parser.add_argument('--die-with-parent', type=int, metavar='PID', help='be killed when it ends')
    args = parser.parse_args()
    if args.die_with_parent:
        die_with(args.die_with_parent)

    options = ms.MigrationOptions(enable_upgrade_migration=args.upgrade)
    store = engine.CreateMetadataStore(connection_config(args).SerializeToString(), options.SerializeToString())
    lock = threading.Lock()
    methods = service.DESCRIPTOR.services_by_name['MetadataStoreService'].methods
    handlers = {m.name: unary(getattr(engine, m.name), store, lock) for m in methods if hasattr(engine, m.name)}

    server = grpc.server(futures.ThreadPoolExecutor(8), options=[
        ('grpc.max_receive_message_length', -1),
        ('grpc.so_reuseport', 0),  # else a second server could share the port, and calls would go to either
    ])
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler('ml_metadata.MetadataStoreService', handlers),))
    port = server.add_insecure_port(f'127.0.0.1:{args.port}')
    server.start()
    print(f'serving on 127.0.0.1:{port}', flush=True)
    server.wait_for_termination()


if __name__ == '__main__':
    main()

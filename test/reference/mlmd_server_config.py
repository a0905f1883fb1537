#!/usr/bin/env python3
"""Reads a configuration of metadata_store_server on stdin as that server does, and has the real C++ engine (PyPI wheel
ml-metadata==1.17.1) connect by it, as it would.

Writes one line of JSON: the configuration as it was understood, and what the engine said.
"""

import json
import sys

from google.protobuf import json_format, text_format
from ml_metadata.metadata_store.pywrap.metadata_store_extension import metadata_store as engine
from ml_metadata.proto import metadata_store_pb2 as ms


def connect(config):
    options = config.migration_options.SerializeToString()
    try:
        engine.CreateMetadataStore(config.connection_config.SerializeToString(), options)
    except RuntimeError as error:
        return str(error)
    return 'connected'


def main():
    config = text_format.Parse(sys.stdin.buffer.read(), ms.MetadataStoreServerConfig())
    meant = json_format.MessageToDict(config, preserving_proto_field_name=True)
    print(json.dumps({'meant': meant, 'said': connect(config)}))


if __name__ == '__main__':
    main()

#!/usr/bin/env python3
"""Stands before an MLMD server and writes down what its clients call, an RPC a line: README.md has what and why.

  record.py --port 8081 --to HOST:PORT --out FILE        # until SIGTERM; in the venv of the reference engine
"""

import argparse
import json
import re
import signal
import threading
from concurrent import futures

import grpc
from google.protobuf import json_format, message_factory
from ml_metadata.proto import metadata_store_service_pb2 as service

SERVICE = service.DESCRIPTOR.services_by_name['MetadataStoreService']
NODE = re.compile(r'(artifact|execution|context|child|parent)(_ids?)?', re.IGNORECASE)


class Recording:
    """The lines, and where an answer last told which id or time."""

    def __init__(self, file):
        self.file, self.lines, self.places, self.lock = file, 0, {}, threading.Lock()

    def write(self, rpc, request, code, answer):
        text = json_format.MessageToDict(request)
        for place, value in values_of(request):
            if value in self.places:
                put(text, place, self.places[value])
        self.lines += 1
        self.places.update({value: f'{{{self.lines}:{place}}}' for place, value in values_of(answer)})
        print(json.dumps({'rpc': rpc, 'code': code, 'request': text}, ensure_ascii=False), file=self.file, flush=True)


def values_of(message, path=''):
    """The ids and times in a message: where each is, and what it is with its number."""
    for field, value in message.ListFields():
        if field.message_type and field.message_type.GetOptions().map_entry:
            continue
        is_list = field.label == field.LABEL_REPEATED
        for index, each in enumerate(value if is_list else [value]):
            place = path + field.json_name + (f'[{index}]' if is_list else '')
            if field.message_type:
                yield from values_of(each, f'{place}.')
            elif kind := kind_of(message, field.name):
                yield place, (kind, each)


def kind_of(message, field):
    if field.endswith('_time_since_epoch'):
        return message.DESCRIPTOR.name, message.id, field
    name = message.DESCRIPTOR.name if field == 'id' else field
    if re.search(r'(Type|type_ids?)$', name):
        return 'type'
    noun = (NODE.fullmatch(name) or [None, ''])[1].lower()
    return {'child': 'context', 'parent': 'context'}.get(noun, noun)


def put(tree, place, value):
    *way, last = [int(step) if step.isdigit() else step for step in re.findall(r'\w+', place)]
    for step in way:
        tree = tree[step]
    tree[last] = value


def handler(method, channel, recording):
    call = channel.unary_unary(f'/{SERVICE.full_name}/{method.name}')
    request_class, answer_class = map(message_factory.GetMessageClass, (method.input_type, method.output_type))

    def record(data, context):
        with recording.lock:  # one after the other, as they will be replayed
            try:
                answer, error = call(data), None
            except grpc.RpcError as failure:
                answer, error = b'', failure
            code = error.code() if error else grpc.StatusCode.OK
            recording.write(method.name, request_class.FromString(data), code.name, answer_class.FromString(answer))
        if error:
            context.abort(code, error.details())
        return answer

    return grpc.unary_unary_rpc_method_handler(record)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--port', type=int, default=8081)
    parser.add_argument('--to', required=True, metavar='HOST:PORT')
    parser.add_argument('--out', required=True, metavar='FILE')
    args = parser.parse_args()

    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    with open(args.out, 'w', encoding='utf-8') as file, grpc.insecure_channel(args.to) as channel:
        recording = Recording(file)
        handlers = {method.name: handler(method, channel, recording) for method in SERVICE.methods}
        server = grpc.server(futures.ThreadPoolExecutor(8))
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE.full_name, handlers),))
        server.add_insecure_port(f'127.0.0.1:{args.port}')
        server.start()
        print(f'recording on 127.0.0.1:{args.port}', flush=True)
        stopped.wait()
        server.stop(1).wait()


if __name__ == '__main__':
    main()

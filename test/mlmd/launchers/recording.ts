import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createFileRegistry,
  type DescMethod,
  fromBinary,
  fromJson,
  type JsonValue,
  toBinary,
} from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

import { MetadataStoreServiceService } from '../../../src/generated/proto/ml_metadata/proto/metadata_store_service.ts';
import { RPC_NAMES, wireName } from '../../../src/mlmd/store.ts';
import type { Step } from '../differential/step.ts';

/** An RPC that a launcher called. */
export interface RecordedStep extends Step {
  /** What the C++ engine answered when it was recorded: OK, or the error. */
  readonly code: string;
}

/** The RPCs of `NAME.jsonl`, in their order. The ids and times that came from an answer come from it in a replay, too. */
export function readRecording(name: string): RecordedStep[] {
  const lines = readFileSync(join(import.meta.dirname, `${name}.jsonl`), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map(toStep);
}

const descriptors = readFileSync('src/generated/descriptors.binpb');
const service = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors)).getService(
  'ml_metadata.MetadataStoreService',
);
const rpcs = new Map(RPC_NAMES.map((rpc) => [wireName(rpc), rpc]));
const methods = new Map(service?.methods.map((method) => [method.name, method]));

function toStep(line: string): RecordedStep {
  const recorded: { readonly rpc: string; readonly code: string; readonly request: JsonObject } = JSON.parse(line);
  const [rpc, method] = [rpcs.get(recorded.rpc), methods.get(recorded.rpc)];
  if (!rpc || !method) throw new Error(`a recording with the unknown RPC ${recorded.rpc}`);
  const { requestDeserialize } = MetadataStoreServiceService[rpc];
  const fill = (answers: readonly unknown[]) => requestDeserialize(toBytes(method, filled(recorded.request, answers)));
  return { ...recorded, rpc, fill };
}

type JsonObject = { readonly [name: string]: JsonValue };

function toBytes({ input }: DescMethod, request: JsonValue): Buffer {
  return Buffer.from(toBinary(input, fromJson(input, request)));
}

/** With what the answers have at each `{LINE:PATH}`. */
function filled(value: JsonValue, answers: readonly unknown[]): JsonValue {
  if (typeof value === 'string') {
    const [, line, path] = /^\{(\d+):(.+)\}$/.exec(value) ?? [];
    return path === undefined ? value : String(at(answers[Number(line) - 1], path));
  }
  if (Array.isArray(value)) return value.map((each) => filled(each, answers));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each, answers)]));
}

function at(answer: unknown, path: string): unknown {
  return path.match(/\w+/g)?.reduce<unknown>((value, name) => Object(value)[name], answer);
}

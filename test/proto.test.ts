import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import {
  type DescriptorProto,
  type EnumDescriptorProto,
  type FileDescriptorProto,
  FileDescriptorSet,
} from '../src/generated/proto/google/protobuf/descriptor.ts';
import { sharedFile } from './reference/require.ts';

const CONTRACT = sharedFile('contracts');
const missing = requireContract();

describe.skipIf(missing)('proto/', () => {
  test('is the wire contract', async () => {
    const [ours, contract] = [
      await build('proto', '--exclude-source-info'),
      await build(CONTRACT, '--exclude-source-info'),
    ];
    expect(FileDescriptorSet.decode(ours)).toEqual(FileDescriptorSet.decode(contract)); // tells what differs
    expect(Buffer.compare(ours, contract), 'proto/ differs from the contract in an option').toBe(0);
  });
});

test('everything in proto/ has a comment', async () => {
  const { file } = FileDescriptorSet.decode(await build('proto'));
  const ours = file.filter(({ name }) => name?.startsWith('ml_metadata/'));
  expect(ours.flatMap(declared).length).toBeGreaterThan(300);
  expect(ours.flatMap(uncommented)).toEqual([]);
});

test('what has no comment is found', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'modelgraph-proto-'));
  await writeFile(join(folder.path, 'a.proto'), UNCOMMENTED);
  const { file } = FileDescriptorSet.decode(await build(folder.path));
  expect(file.flatMap(uncommented).sort()).toEqual(['E', 'E.X', 'M', 'M.N', 'M.N.b', 'M.a', 'M.o', 'S', 'S.R']);
});

const UNCOMMENTED = `syntax = "proto2";
message M {
  optional int32 a = 1;
  // It has a comment.
  map<string, M> described = 2;
  oneof o { int32 c = 3; /* and so has this */ }
  message N { optional int32 b = 1; }
}
enum E { X = 0; }
service S { rpc R(M) returns (M); }
`;

/** Why the comparison cannot be made here; throws where it has to be. */
function requireContract(): string | undefined {
  if (existsSync(CONTRACT)) return undefined;
  const reason = `skipped: no ${CONTRACT}`;
  if (process.env.MODELGRAPH_TEST_REQUIRE === 'all') throw new Error(`MODELGRAPH_TEST_REQUIRE=all, but ${reason}`);
  return reason;
}

/** The FileDescriptorSet of a folder of .proto files, as bytes. */
async function build(folder: string, ...flags: string[]): Promise<Buffer> {
  await using out = await mkdtempDisposable(join(tmpdir(), 'modelgraph-proto-'));
  const file = join(out.path, 'set.binpb');
  execFileSync(join('node_modules', '.bin', 'buf'), ['build', folder, '-o', file, ...flags]);
  return readFileSync(file);
}

/** Where a declaration stands in its FileDescriptorProto, as SourceCodeInfo counts, and its name. */
type Declaration = readonly [path: string, name: string];

function uncommented(file: FileDescriptorProto): string[] {
  const commented = new Set(
    file.sourceCodeInfo?.location
      .filter(({ leadingComments, trailingComments }) => (leadingComments ?? trailingComments ?? '').trim().length > 0)
      .map(({ path }) => path.join()),
  );
  return declared(file)
    .filter(([path]) => !commented.has(path))
    .map(([, name]) => name);
}

function declared(file: FileDescriptorProto): Declaration[] {
  return [
    ...file.messageType.flatMap((message, i) => inMessage(message, `4,${i}`, '')),
    ...file.enumType.flatMap((type, i) => inEnum(type, `5,${i}`, '')),
    ...file.service.flatMap((service, i) => [
      named(service, `6,${i}`, ''),
      ...each(service.method, `6,${i},2`, `${service.name}.`),
    ]),
    ...each(file.extension, '7', ''),
  ];
}

function inMessage(message: DescriptorProto, path: string, outer: string): Declaration[] {
  if (message.options?.mapEntry) return []; // made by the compiler
  const inner = `${outer}${message.name}.`;
  return [
    named(message, path, outer),
    ...each(message.field, `${path},2`, inner),
    ...message.nestedType.flatMap((type, i) => inMessage(type, `${path},3,${i}`, inner)),
    ...message.enumType.flatMap((type, i) => inEnum(type, `${path},4,${i}`, inner)),
    ...each(message.oneofDecl, `${path},8`, inner),
  ];
}

function inEnum(type: EnumDescriptorProto, path: string, outer: string): Declaration[] {
  return [named(type, path, outer), ...each(type.value, `${path},2`, `${outer}${type.name}.`)];
}

function each(all: readonly { name?: string | undefined }[], path: string, outer: string): Declaration[] {
  return all.map((one, i) => named(one, `${path},${i}`, outer));
}

function named({ name }: { name?: string | undefined }, path: string, outer: string): Declaration {
  return [path, `${outer}${name}`];
}

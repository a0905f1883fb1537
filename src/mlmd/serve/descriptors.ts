import { readFileSync } from 'node:fs';
import { BinaryReader } from '@bufbuild/protobuf/wire';

import { type DescriptorProto, FileDescriptorProto } from '../../generated/proto/google/protobuf/descriptor.ts';

/** The .proto files of all services, found by what a client may ask for. Each is given with all that it imports. */
export interface Descriptors {
  /** The services' full names. */
  readonly services: readonly string[];
  byFile(name: string): readonly Buffer[] | undefined;
  /** By the full name of a message, a field, an enum, a value of one, a service, a method or an extension. */
  bySymbol(name: string): readonly Buffer[] | undefined;
  byExtension(type: string, field: number): readonly Buffer[] | undefined;
  /** The fields that extensions add to a message. */
  extensionsOf(type: string): readonly number[];
}

/** The descriptors that `buf` made of proto/ and proto-grpc/, byte by byte as it made them. */
export function readDescriptors(): Descriptors {
  const files = new Map(readFiles().map((file) => [file.name, file]));
  const symbols = new Map<string, File>();
  const extensions = new Map<string, Map<number, File>>();
  for (const file of files.values()) {
    for (const name of symbolsOf(file.descriptor)) symbols.set(name, file);
    for (const { extendee = '', number = 0 } of file.descriptor.extension) {
      const type = extendee.replace(/^\./, '');
      extensions.set(type, (extensions.get(type) ?? new Map<number, File>()).set(number, file));
    }
  }
  const withImports = (file: File | undefined) => file && [...importsOf(files, file)].map(({ bytes }) => bytes);
  return {
    services: [...files.values()].flatMap(({ descriptor }) =>
      descriptor.service.map(({ name = '' }) => join(descriptor.package, name)),
    ),
    byFile: (name) => withImports(files.get(name)),
    bySymbol: (name) => withImports(symbols.get(name)),
    byExtension: (type, field) => withImports(extensions.get(type)?.get(field)),
    extensionsOf: (type) => [...(extensions.get(type)?.keys() ?? [])],
  };
}

interface File {
  readonly name: string;
  readonly bytes: Buffer;
  readonly descriptor: FileDescriptorProto;
}

const SET = new URL('../../generated/descriptors.binpb', import.meta.url);

/** A FileDescriptorSet is its files, each in a field 1. Decoded and encoded again they would lose custom options. */
function readFiles(): File[] {
  const reader = new BinaryReader(readFileSync(SET));
  const files: File[] = [];
  while (reader.pos < reader.len) {
    reader.tag();
    const bytes = Buffer.from(reader.bytes());
    const descriptor = FileDescriptorProto.decode(bytes);
    files.push({ name: descriptor.name ?? '', bytes, descriptor });
  }
  return files;
}

function importsOf(files: ReadonlyMap<string, File>, file: File): Set<File> {
  const found = new Set([file]);
  // A Set gives also those that are added while it is walked through.
  for (const { descriptor } of found) {
    for (const name of descriptor.dependency) {
      const imported = files.get(name);
      if (imported) found.add(imported);
    }
  }
  return found;
}

function symbolsOf(file: FileDescriptorProto): string[] {
  const { package: scope } = file;
  return [
    ...file.messageType.flatMap((message) => inMessage(scope, message)),
    ...file.enumType.flatMap((type) => inEnum(scope, type)),
    ...file.service.flatMap((service) => {
      const name = join(scope, service.name);
      return [name, ...named(name, service.method)];
    }),
    ...named(scope, file.extension),
  ];
}

function inMessage(scope: string | undefined, message: DescriptorProto): string[] {
  const name = join(scope, message.name);
  return [
    name,
    ...named(name, [...message.field, ...message.oneofDecl, ...message.extension]),
    ...message.nestedType.flatMap((type) => inMessage(name, type)),
    ...message.enumType.flatMap((type) => inEnum(name, type)),
  ];
}

/** The values of an enum are named as if they stood beside it. */
function inEnum(scope: string | undefined, type: DescriptorProto['enumType'][number]): string[] {
  return [join(scope, type.name), ...named(scope, type.value)];
}

function named(scope: string | undefined, all: readonly { readonly name?: string | undefined }[]): string[] {
  return all.map(({ name }) => join(scope, name));
}

function join(scope: string | undefined, name = ''): string {
  return scope ? `${scope}.${name}` : name;
}

import { readFileSync, writeFileSync } from 'node:fs';

const FILE = 'src/generated/proto/google/protobuf/struct.ts';
const GENERATED = '        object[key] = message.fields.get(key);';
const SAFE = `        const value = message.fields.get(key);
        if (key !== '__proto__') object[key] = value;
        else globalThis.Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });`;

// ts-proto reads a Struct by assignment: a key named __proto__ would set the prototype and be lost.
const text = readFileSync(FILE, 'utf8');
if (!text.includes(SAFE)) {
  if (!text.includes(GENERATED))
    throw new Error(`${FILE} is not as ts-proto 2.18 generates it: see what became of Struct.unwrap`);
  writeFileSync(FILE, text.replace(GENERATED, SAFE));
}

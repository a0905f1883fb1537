import { describe, expect, test } from 'vitest';

import { fileKey, spellingsOf } from '../../src/domain/lineage/same-file.ts';

/** Classes of URIs: those of one name the same file, those of two do not. */
const CLASSES: readonly (readonly string[])[] = [
  ['s3://b/m', 's3://b/m/', 's3a://b/m', 's3a://b/m/', 's3n://b/m', 's3n://b/m/'],
  ['s3://b/M'],
  ['s3://b/m//', 's3a://b/m//'],
  ['s3://b//m', 's3n://b//m/'],
  ['S3://b/m', 'S3://b/m/'],
  ['gs://b/m', 'gcs://b/m', 'gs://b/m/'],
  ['gs://b/m?generation=1', 'gcs://b/m?generation=1/'],
  ['abfs://c@a.dfs.core.windows.net/m', 'abfss://c@a.dfs.core.windows.net/m/'],
  ['wasb://c@a/m', 'wasbs://c@a/m'],
  ['dbfs:/m', 'dbfs:///m', 'dbfs:/m/'],
  ['dbfs://m', 'dbfs://m/'],
  ['/m', '/m/', 'file:///m', 'file:///m/', 'file:/m', 'file:/m/', 'file://localhost/m', 'file://localhost/m/'],
  ['file://m', 'file://m/'],
  ['file://host/m'],
  ['//m', '//m/'],
  ['///m'],
  ['file:////m'],
  ['/localhost/m', 'file:///localhost/m'],
  ['m', 'm/'],
  ['./m'],
  ['/'],
  ['//'],
  ['s3://'],
  ['s3:/'],
  ['file:/'],
  ['file:///'],
  ['https://h/m', 'https://h/m/'],
  ['http://h/m'],
  ['pvc://claim/m'],
  ['model-registry://m/1', 'model-registry://m/1/'],
  [' '],
];

const ALL = CLASSES.flatMap((uris, of) => uris.map((uri) => ({ uri, of })));

describe('URIs of one file', () => {
  test.each(ALL)("'$uri' is the same file as all of its class, and as no other", ({ uri, of }) => {
    const same = ALL.filter((other) => fileKey(other.uri) === fileKey(uri)).map((other) => other.uri);
    expect(same).toEqual(CLASSES[of]);
    expect(spellingsOf(uri)).toEqual(expect.arrayContaining(same));
  });

  test.each(ALL)("each spelling of '$uri' has the same spellings, 8 at most", ({ uri }) => {
    const spellings = spellingsOf(uri);
    expect(new Set(spellings).size).toBe(spellings.length);
    expect(spellings.length).toBeLessThanOrEqual(8);
    for (const each of spellings) expect(spellingsOf(each)).toEqual(spellings);
  });

  test('an artifact without a URI is no file', () => {
    expect(spellingsOf('')).toEqual([]);
  });
});

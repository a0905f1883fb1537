import { PropertyType, type Value } from '../../src/generated/proto/ml_metadata/proto/metadata_store.ts';
import { openStore } from '../../src/mlmd/open.ts';
import { type GraphSize, writeGraph } from '../provenance/graph.ts';
import { STEPS } from '../provenance/graph-nodes.ts';

/** What is in a file: the provenance graph, and lists of contexts of a type each. */
export interface FileSize {
  readonly graph: GraphSize;
  /** How many contexts each list has. */
  readonly lists: readonly number[];
}

/** What calls on the file have to know. */
export interface Written extends FileSize {
  readonly nodes: number;
  readonly events: number;
  /** All artifacts have the ids from 1 to this. */
  readonly artifacts: number;
  /** The artifacts behind this one are outputs of executions. */
  readonly datasets: number;
}

/** The name of the type of the list with so many contexts. */
export function listType(count: number): string {
  return `bench.List${count}`;
}

/** Writes a new file through our store, which gives ids from 1 on; closing it empties the write-ahead log. */
export async function writeFile(db: string, size: FileSize): Promise<Written> {
  const { store } = await openStore({ db });
  const { nodes, events } = await writeGraph(store, size.graph);
  for (const count of size.lists) {
    const { contextTypeIds } = await store.putTypes({
      artifactTypes: [],
      executionTypes: [],
      contextTypes: [{ name: listType(count), properties: new Map([['author', PropertyType.STRING]]) }],
    });
    const contexts = Array.from({ length: count }, (_none, index) => listed(contextTypeIds[0], index));
    await store.putContexts({ contexts });
  }
  await store.close();
  const { models, versionsEach, datasets } = size.graph;
  return {
    ...size,
    nodes: nodes + size.lists.reduce((sum, count) => sum + count, 0),
    events,
    artifacts: datasets + models * versionsEach * STEPS.length * 2,
    datasets,
  };
}

/** A context of six properties. */
function listed(typeId: bigint | undefined, index: number) {
  return {
    typeId,
    name: `listed-${index}`,
    properties: new Map<string, Value>([['author', { stringValue: `author-${index % 17}` }]]),
    customProperties: new Map<string, Value>([
      ['description', { stringValue: `The model with the number ${index}` }],
      ['license', { stringValue: 'apache-2.0' }],
      ['score', { doubleValue: (index % 97) / 8 }],
      ['stars', { intValue: BigInt(index) }],
      ['archived', { boolValue: index % 2 === 0 }],
    ]),
  };
}

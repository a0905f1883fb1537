import { type Event, Event_Type, type ParentContext } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import type { PutAttributionsAndAssociationsRequest } from '../generated/proto/ml_metadata/proto/metadata_store_service.ts';

import type { DemoContext, DemoExecution, DemoGraph, DemoNode, DemoUse } from './graph.ts';
import { type Ids, idOf } from './ids.ts';

/** The input and output events of an execution. */
export function toEvents(ids: Ids, { key, inputs, outputs, start, end }: DemoExecution): Event[] {
  const eventOf = (type: Event_Type, time: number) => (place: Place) => ({
    executionId: idOf(ids.executions, key),
    artifactId: idOf(ids.artifacts, place.artifact),
    type,
    millisecondsSinceEpoch: BigInt(time),
    path: { steps: [{ key: place.name }, { index: BigInt(place.index) }] },
  });
  return [
    ...placesOf(inputs).map(eventOf(Event_Type.INPUT, start)),
    ...placesOf(outputs).map(eventOf(Event_Type.OUTPUT, end)),
  ];
}

interface Place {
  readonly name: string;
  readonly index: number;
  readonly artifact: string;
}

function placesOf(use: DemoUse): Place[] {
  return Object.entries(use).flatMap(([name, keys]) => keys.map((artifact, index) => ({ name, index, artifact })));
}

/** Which artifacts and executions are in which contexts. What an execution wrote is in its contexts as well. */
export function toMemberships(ids: Ids, { artifacts, executions }: DemoGraph): PutAttributionsAndAssociationsRequest {
  const written = executions.flatMap((execution) =>
    placesOf(execution.outputs).map(({ artifact }) => ({ key: artifact, contexts: contextsOf(execution) })),
  );
  const owned = artifacts.map((artifact) => ({ key: artifact.key, contexts: contextsOf(artifact) }));
  return {
    attributions: pairs([...owned, ...written]).map(([key, context]) => ({
      artifactId: idOf(ids.artifacts, key),
      contextId: idOf(ids.contexts, context),
    })),
    associations: pairs(executions.map((execution) => ({ key: execution.key, contexts: contextsOf(execution) }))).map(
      ([key, context]) => ({ executionId: idOf(ids.executions, key), contextId: idOf(ids.contexts, context) }),
    ),
  };
}

/** Each member with each of its contexts, once. */
function pairs(members: readonly { readonly key: string; readonly contexts: readonly string[] }[]): [string, string][] {
  const contextsByKey = new Map<string, Set<string>>();
  for (const { key, contexts } of members) {
    contextsByKey.set(key, new Set([...(contextsByKey.get(key) ?? []), ...contexts]));
  }
  return [...contextsByKey].flatMap(([key, contexts]) =>
    [...contexts].map((context): [string, string] => [key, context]),
  );
}

/** Which contexts are children of which. */
export function toParentContexts(ids: Ids, contexts: readonly DemoContext[]): ParentContext[] {
  return contexts.flatMap((child) =>
    contextsOf(child).map((parent) => ({
      childId: idOf(ids.contexts, child.key),
      parentId: idOf(ids.contexts, parent),
    })),
  );
}

function contextsOf({ owner, contexts = [] }: DemoNode): readonly string[] {
  return owner === undefined ? contexts : [owner, ...contexts];
}

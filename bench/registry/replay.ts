import {
  type Call,
  type GroupReads,
  type MetadataStore,
  type MetadataStoreRpcs,
  RPC_NAMES,
} from '../../src/mlmd/store.ts';

/** A store call as it was made: what it does on a store, and which calls had been answered before it was begun. */
interface RecordedCall {
  readonly run: (store: MetadataStore) => Promise<unknown>;
  readonly after: readonly number[];
}

/** A store that keeps what is called. */
export interface Recording {
  readonly store: MetadataStore;
  readonly calls: RecordedCall[];
}

/** Records the calls of a store, those of its reads of groups too. */
export function recordCalls(store: MetadataStore): Recording {
  const calls: RecordedCall[] = [];
  const answered = new Set<number>();
  async function noted<Answer>(run: (target: MetadataStore) => Promise<Answer>): Promise<Answer> {
    const index = calls.push({ run, after: [...answered] }) - 1;
    const answer = await run(store);
    answered.add(index);
    return answer;
  }
  const rpcs = RPC_NAMES.map((name) => [
    name,
    (request: object, { read }: Call = {}) => noted((target) => callOf(target, name)(request, read ? { read } : {})),
  ]);
  return {
    calls,
    store: {
      ...store,
      // As many functions as there are RPCs, each by its name; a mapped type cannot follow fromEntries.
      ...(Object.fromEntries(rpcs) as MetadataStoreRpcs),
      ...(store.groups && { groups: recordedGroups(noted) }),
    },
  };
}

type AnyCall = (request: object, call: Call) => Promise<unknown>;

function callOf(store: MetadataStore, name: keyof MetadataStoreRpcs): AnyCall {
  // One shape for all RPCs: the request is only passed through.
  return store[name] as AnyCall;
}

function recordedGroups(
  noted: <Answer>(run: (store: MetadataStore) => Promise<Answer>) => Promise<Answer>,
): GroupReads {
  const only = ({ read }: Call = {}): Call => (read ? { read } : {});
  const groupsOf = ({ groups }: MetadataStore): GroupReads => {
    if (!groups) throw new Error('the store has no reads of groups');
    return groups;
  };
  return {
    artifactsOfContexts: (page, call) => noted((store) => groupsOf(store).artifactsOfContexts(page, only(call))),
    executionsOfContexts: (page, call) => noted((store) => groupsOf(store).executionsOfContexts(page, only(call))),
    childrenOfContexts: (page, call) => noted((store) => groupsOf(store).childrenOfContexts(page, only(call))),
    contextsOfArtifacts: (page, call) => noted((store) => groupsOf(store).contextsOfArtifacts(page, only(call))),
    contextsByInt: (page, call) => noted((store) => groupsOf(store).contextsByInt(page, only(call))),
    executionsByInt: (page, call) => noted((store) => groupsOf(store).executionsByInt(page, only(call))),
    groupCounts: (of, group, call) => noted((store) => groupsOf(store).groupCounts(of, group, only(call))),
    count: (list, call) => noted((store) => groupsOf(store).count(list, only(call))),
  };
}

/** Makes the same calls again, each when those are answered that it had to wait for: as fast as the gateway could. */
export async function replay(store: MetadataStore, calls: readonly RecordedCall[]): Promise<void> {
  const running: Promise<unknown>[] = [];
  for (const { run, after } of calls) {
    running.push(Promise.all(after.map((index) => running[index])).then(() => run(store)));
  }
  await Promise.all(running);
}

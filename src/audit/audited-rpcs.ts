import type { AuditedNode, RequestAudit } from '../domain/audit-line.ts';
import { WRITTEN } from '../guard/written.ts';
import { type MetadataStore, type MetadataStoreRpcs, RPC_NAMES, type RpcName, wireName } from '../mlmd/store.ts';

type AnyRpc = (request: object, call?: object) => Promise<object>;

/** The RPCs of a store as they are served from outside: writes and refusals of them are told to the audit. */
export function auditedRpcs(store: MetadataStore, audit: RequestAudit): MetadataStoreRpcs {
  const keeps = store.audit !== undefined;
  const entries = RPC_NAMES.map((name) => {
    // One shape for all RPCs: what they are about is read by the names of fields.
    const rpc = store[name] as AnyRpc;
    return [name, name.startsWith('put') ? auditedWrite(name, rpc, audit, keeps) : auditedRead(name, rpc, audit)];
  });
  return Object.fromEntries(entries) as MetadataStoreRpcs;
}

function auditedRead(name: RpcName, rpc: AnyRpc, audit: RequestAudit): AnyRpc {
  return async (request, call) => {
    try {
      return await rpc(request, call);
    } catch (error) {
      const ended = audit.endedBy(error);
      if (ended.outcome === 'REFUSED') audit.emit(audit.line(wireName(name), ended));
      throw error;
    }
  };
}

function auditedWrite(name: RpcName, rpc: AnyRpc, audit: RequestAudit, keeps: boolean): AnyRpc {
  const done = (request: object, answer: unknown) =>
    audit.line(wireName(name), { outcome: 'DONE', nodes: [...answeredNodes(name, answer), ...linked(name, request)] });
  return async (request, call) => {
    try {
      const answer = await rpc(request, { ...call, note: (noted: unknown) => done(request, noted) });
      audit.emit(done(request, answer), keeps);
      return answer;
    } catch (error) {
      const named = [...namedNodes(name, request), ...linked(name, request)];
      audit.emit(audit.line(wireName(name), { ...audit.endedBy(error), nodes: named }));
      throw error;
    }
  };
}

/** What the answer names by its ids. */
function answeredNodes(name: RpcName, answer: unknown): readonly AuditedNode[] {
  const fields: readonly (readonly [string, unknown])[] = Object.entries(Object(answer));
  return fields.flatMap(([field, value]) => {
    const [, noun] = /^(\w+?)Ids?$/.exec(field) ?? [];
    if (noun === undefined) return [];
    const type = noun === 'type' ? name.slice('put'.length) : `${noun.charAt(0).toUpperCase()}${noun.slice(1)}`;
    const ids: readonly unknown[] = Array.isArray(value) ? value : [value];
    return ids.flatMap((id) => (typeof id === 'bigint' ? [{ type, id: `${id}` }] : []));
  });
}

/** What the request names of nodes that are there. */
function namedNodes(name: RpcName, request: object): readonly AuditedNode[] {
  const { nodes = [], ends = [] } = writtenBy(name, request) ?? {};
  const rows = nodes.map(({ node, row }) => ({ node, id: row.id }));
  return [...rows, ...ends].flatMap(({ node, id }) => (id === undefined ? [] : [{ type: node, id: `${id}` }]));
}

/** The ends of links that the request is of. */
function linked(name: RpcName, request: object): readonly AuditedNode[] {
  const { links = [] } = writtenBy(name, request) ?? {};
  const ends = links.flatMap(({ of, to }) => [of, to]).map(({ node, id }) => ({ type: node, id: `${id}` }));
  return [...new Map(ends.map((end) => [`${end.type} ${end.id}`, end])).values()];
}

function writtenBy(name: RpcName, request: object) {
  // The request is one of the RPC of this name.
  const read = (WRITTEN as Partial<Record<RpcName, (request: never) => ReturnType<typeof WRITTEN.putEvents>>>)[name];
  return read?.(request as never);
}

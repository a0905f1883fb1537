import { APPLIED, desiredObjects } from './desired/objects.ts';
import { NAMESPACE_LABEL, type Wanted } from './desired/wanted.ts';
import { differs } from './differs.ts';
import { OPTIONAL_KINDS } from './kube/kinds.ts';
import { type KubeObject, nameOf } from './kube/kube-object.ts';
import type { ModelRegistry } from './registry/model-registry.ts';

/** Kept on a ModelRegistry while something of it lies outside of its namespace, where no owner reference reaches. */
export const FINALIZER = 'modelgraph.dev/cluster-objects';

/** What there is of one registry. */
export interface Seen {
  /** The objects that the operator made for it. */
  readonly owned: readonly KubeObject[];
  readonly pods: readonly KubeObject[];
}

/** What is to be known besides. */
export interface Facts {
  readonly defaultImage: string;
  /** The kinds of others that this cluster has. */
  readonly optionalKinds: ReadonlySet<string>;
}

/** One thing to do, in order. */
export type Action =
  /** Server-side apply; `why` tells whether others had changed or deleted it. */
  | { readonly type: 'apply'; readonly object: KubeObject; readonly why: 'create' | 'update' | 'mend' }
  | { readonly type: 'delete'; readonly object: KubeObject }
  | { readonly type: 'finalizers'; readonly finalizers: readonly string[] };

/** What has to be done so that what is seen becomes what is wanted. */
export function reconcile(registry: ModelRegistry, seen: Seen, facts: Facts): readonly Action[] {
  if (registry.metadata.deletionTimestamp !== undefined) return takeDown(registry, seen);
  const objects = applicable({ registry, defaultImage: facts.defaultImage }, facts);
  const names = new Set(objects.map(nameOf));
  const hasOutside = objects.some(isOutside) || seen.owned.some(isOutside);
  return [
    ...finalizers(registry, hasOutside),
    ...objects.flatMap((object) => applyOf(registry, object, seen)),
    ...seen.owned.filter((object) => !names.has(nameOf(object)) && !isKept(object)).map(deleteOf),
  ];
}

/** What is wanted, without the kinds that this cluster does not have; the status tells of those. */
export function applicable(wanted: Wanted, { optionalKinds }: Facts): readonly KubeObject[] {
  const absent = Object.values(OPTIONAL_KINDS).filter(({ kind }) => !optionalKinds.has(kind));
  return desiredObjects(wanted).filter((object) => !absent.some(({ kind }) => kind === object.kind));
}

function applyOf(registry: ModelRegistry, object: KubeObject, { owned }: Seen): Action[] {
  const found = owned.find((each) => nameOf(each) === nameOf(object));
  if (found === undefined) return [{ type: 'apply', object, why: 'create' }];
  if (isGoing(found, registry) || !differs(object, found)) return [];
  const asApplied = found.metadata.annotations?.[APPLIED] === object.metadata.annotations?.[APPLIED];
  return [{ type: 'apply', object, why: asApplied ? 'mend' : 'update' }];
}

/** It was deleted, or went with an earlier registry of the name, which was. The next one is made when it is gone. */
function isGoing({ metadata }: KubeObject, registry: ModelRegistry): boolean {
  const { deletionTimestamp, ownerReferences = [] } = metadata;
  const controller = ownerReferences.find(({ controller }) => controller === true);
  return deletionTimestamp !== undefined || (controller !== undefined && controller.uid !== registry.metadata.uid);
}

/** What lies in the namespace goes by its owner references. */
function takeDown(registry: ModelRegistry, { owned }: Seen): Action[] {
  const outside = owned.filter(isOutside);
  return [...outside.map(deleteOf), ...finalizers(registry, outside.length > 0)];
}

function finalizers({ metadata }: ModelRegistry, wanted: boolean): Action[] {
  const { finalizers: present = [] } = metadata;
  if (present.includes(FINALIZER) === wanted) return [];
  const others = present.filter((each) => each !== FINALIZER);
  return [{ type: 'finalizers', finalizers: wanted ? [...others, FINALIZER] : others }];
}

function deleteOf(object: KubeObject): Action {
  return { type: 'delete', object };
}

function isOutside({ metadata }: KubeObject): boolean {
  return metadata.labels?.[NAMESPACE_LABEL] !== undefined;
}

/** A volume may hold the only copy of somebody's metadata: another spec never deletes it. */
function isKept({ kind }: KubeObject): boolean {
  return kind === 'PersistentVolumeClaim';
}

import { shownKindOf } from '../metric-history.ts';
import { toOwnName } from '../registry-names.ts';

/** Ends of names that say only that a type is one, in the modules of TFX: `…trainer.component.Trainer`. */
const PACKAGE = /^[\w-]+(\.[\w-]+)+$/;

/** Prefixes of whole families of types: the registry's, Kubeflow Pipelines', MLMD's own. */
const FAMILIES = /^(kf|system|mlmd)\.(?=\w)/;

/**
 * A type's name in short, as people say it: `ModelVersion` of `kf.ModelVersion`, `Dataset` of `system.Dataset`, `Trainer` of
 * `tfx.components.trainer.component.Trainer@0.21`. A name that is no path of names stays as it is.
 */
export function toKindName(typeName: string | undefined): string {
  const name = (typeName ?? '').replace(/(?<=.)@[\w.-]+$/, '');
  const short = FAMILIES.test(name) ? name.replace(FAMILIES, '') : name;
  return PACKAGE.test(short) ? short.slice(short.lastIndexOf('.') + 1) : short;
}

/** As much of a node as it can be called by. */
interface Called {
  readonly id?: bigint | undefined;
  readonly type?: string | undefined;
  readonly name?: string | undefined;
  readonly uri?: string | undefined;
}

/** What people call a node: its own name, else the end of its URI, else its kind and id. */
export function toLabel(node: Called): string {
  const kind = shownKindOf(node);
  const name = kind ? toOwnName(kind, node.name) : node.name;
  const [end] = /[^/]+(?=\/*$)/.exec(node.uri ?? '') ?? [];
  return name || end || `${toKindName(node.type)} ${node.id ?? 0n}`;
}

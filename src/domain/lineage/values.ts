import type { Value } from '../../generated/proto/ml_metadata/proto/metadata_store.ts';

import { toJson } from '../property.ts';

/** A value that tells of how a model came to be, and the node that has it. */
export interface NamedJson {
  readonly name: string;
  readonly value: unknown;
}

/** Properties by which launchers and orchestrators keep their books: no one chose these values for a model. */
const BOOKKEEPING =
  /^(pipeline_name|pipeline_root|pipeline_run_id|run_id|component_id|state|display_name|task_name|pod_\w+|namespace|cache_fingerprint|cached_execution_id|parent_dag_id|iteration_(index|count)|last_known_state|checksum_\w+|custom_config|name|description)$/;

/** Names of properties that say which code ran. */
const CODE =
  /^(module_file|module_path|run_fn|trainer_fn|git[._-]?(commit|sha|ref|repo|url|branch)|commit([._-]?(id|sha|hash))?|code([._-]?(uri|url|version))?|source[._-]?(code|uri|commit)|repo(sitory)?([._-]?url)?|entry_?point|notebook|script|(container_)?image|mlflow\.source\.\S+)$/i;

/** As much of a node as values are taken from. */
interface Properties {
  readonly properties: ReadonlyMap<string, Value>;
  readonly customProperties: ReadonlyMap<string, Value>;
}

/** What was chosen for an execution: its properties without those of the books and of the code. */
export function parametersIn(node: Properties): readonly NamedJson[] {
  return valuesIn(node, (name) => !BOOKKEEPING.test(name) && !CODE.test(name));
}

/** What a node says of the code that ran. */
export function codeIn(node: Properties): readonly NamedJson[] {
  return valuesIn(node, (name) => CODE.test(name));
}

/** The numbers among the custom properties, which is how pipelines write metrics. */
export function numbersIn({ customProperties }: Properties): readonly NamedJson[] {
  return valuesIn({ properties: new Map(), customProperties }, () => true).filter(
    ({ name }) => isNumber(customProperties.get(name)) && !BOOKKEEPING.test(name),
  );
}

function isNumber(value: Value | undefined): boolean {
  return value?.doubleValue !== undefined || value?.intValue !== undefined;
}

function valuesIn(
  { properties, customProperties }: Properties,
  wants: (name: string) => boolean,
): readonly NamedJson[] {
  const all = [...properties, ...customProperties].filter(([name, value]) => wants(name) && !isEmpty(value));
  return all
    .map(([name, value]) => ({ name, value: toJson(value) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** TFX writes what it was not given as an empty text, or as `null`. */
function isEmpty({ stringValue }: Value): boolean {
  return stringValue === '' || stringValue === 'null';
}

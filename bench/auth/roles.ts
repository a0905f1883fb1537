import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROLES = `
roles:
  all: [{ verbs: ['*'], resources: ['*'] }]
  models: [{ verbs: [get, list], resources: [registeredmodels, modelversions] }]
subjects:
  - { users: [alice, 'system:anonymous'], roles: [all] }
  - { users: [bob], roles: [models] }
`;

/** A file of roles: alice and the anonymous may do everything, bob sees models and versions. `using` removes it. */
export function writeRoles(): { readonly file: string } & Disposable {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-bench-'));
  const file = join(folder.path, 'roles.yaml');
  writeFileSync(file, ROLES);
  return { file, [Symbol.dispose]: () => folder.remove() };
}

import { stringify } from 'yaml';

import { CRD } from '../src/operator/registry/crd.ts';

/** Where it stands. */
export const CRD_FILE = new URL('../deploy/operator/crd.yaml', import.meta.url);

/** The text of the file. */
export function crdText(): string {
  const yaml = stringify(CRD, { aliasDuplicateObjects: false, lineWidth: 120 });
  return `# Printed by npm run print-crd from src/operator/registry/, where it is changed.\n${yaml}`;
}

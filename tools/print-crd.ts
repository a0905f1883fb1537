import { writeFileSync } from 'node:fs';

import { CRD_FILE, crdText } from './crd-text.ts';

/** deploy/operator/crd.yaml: the schema in src/operator/registry/, as Kubernetes takes it. */
writeFileSync(CRD_FILE, crdText());

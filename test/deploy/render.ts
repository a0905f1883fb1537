import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';

import { run } from '../process.ts';
import { cachedTool } from '../require-tool.ts';
import type { KubeObject } from './kube-object.ts';

/** The project's folder of manifests. */
export const DEPLOY = resolve(import.meta.dirname, '../../deploy');

/** The programs that render, as `.ci/run` installs them. */
export const HELM = cachedTool('helm/helm');
export const KUBECTL = cachedTool('helm/kubectl');

const CHART = join(DEPLOY, 'helm/modelgraph');

/** A manifest, as text and as what it says. */
export interface Rendered {
  readonly yaml: string;
  readonly objects: readonly KubeObject[];
}

/** What kustomize makes of a folder below `deploy/`. */
export async function kustomize(folder: string): Promise<Rendered> {
  return rendered(await outputOf(KUBECTL, ['kustomize', resolve(DEPLOY, folder)]));
}

/** What kustomize makes of a kustomization of one's own, in which `DEPLOY` stands for the project's folder. */
export async function kustomizeText(text: string): Promise<Rendered> {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-kustomize-'));
  const path = relative(folder.path, DEPLOY);
  writeFileSync(join(folder.path, 'kustomization.yaml'), text.replaceAll('DEPLOY', path));
  return rendered(await outputOf(KUBECTL, ['kustomize', folder.path]));
}

/** What Helm makes of the chart as a release `modelgraph` in a namespace `modelgraph`; throws what it says is wrong. */
export async function helmTemplate(values: string): Promise<Rendered> {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'modelgraph-helm-'));
  const file = join(folder.path, 'values.yaml');
  writeFileSync(file, values);
  return rendered(await outputOf(HELM, ['template', 'modelgraph', CHART, '-n', 'modelgraph', '--values', file]));
}

/** What `helm lint` finds, warnings too. */
export async function helmLint(): Promise<string> {
  return outputOf(HELM, ['lint', '--strict', CHART]);
}

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(args, { command: [program] });
  if (code !== 0) throw new Error(stderr + stdout);
  return stdout;
}

function rendered(yaml: string): Rendered {
  const objects = parseAllDocuments(yaml).flatMap((document) => document.toJS() ?? []);
  return { yaml, objects };
}

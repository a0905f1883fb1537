import { describe, expect, test } from 'vitest';

import { requireReference } from '../reference/require.ts';
import { ask } from './ask.ts';
import { BASE, type Body, openRegistry } from './registry.ts';

const READ_CONTEXT = 'GetContextsByID(1)';
const PUT_CONTEXT = ['PutContexts(1)', READ_CONTEXT];
const PUT_CHILD = [READ_CONTEXT, 'PutContexts(1)', 'PutParentContexts(1)', READ_CONTEXT];
const PUT_ARTIFACT = ['GetContexts(1)', 'PutLineageSubgraph(1)', 'GetArtifactsByID(1)'];

/** What each create costs where nothing is wrong; `$` is the row that a create before made under that name. */
const CREATES: readonly (readonly [path: string, body: object, calls: readonly string[], as?: string])[] = [
  ['registered_models', { name: 'm', externalId: 'm' }, PUT_CONTEXT, 'model'],
  ['model_versions', { name: 'v', registeredModelId: '$model', externalId: 'v' }, PUT_CHILD, 'version'],
  ['registered_models/$model/versions', { name: 'w', registeredModelId: '$model' }, PUT_CHILD],
  ['model_artifacts', { name: 'a' }, ['PutArtifacts(1)', 'GetArtifactsByID(1)']],
  ['model_versions/$version/artifacts', { artifactType: 'model-artifact', name: 'a', externalId: 'a' }, PUT_ARTIFACT],
  ['model_versions/$version/artifacts', { artifactType: 'doc-artifact' }, PUT_ARTIFACT],
  ['experiments', { name: 'e' }, PUT_CONTEXT, 'experiment'],
  ['experiments/$experiment/experiment_runs', { name: 'r', experimentId: '$experiment' }, PUT_CHILD, 'run'],
  ['experiment_runs/$run/artifacts', { artifactType: 'parameter', name: 'p', value: '1' }, PUT_ARTIFACT],
  ['experiment_runs/$run/artifacts', { artifactType: 'dataset-artifact', name: 'd' }, PUT_ARTIFACT],
  // Whether the metric is there, and which of its values were logged, is needed beforehand.
  [
    'experiment_runs/$run/artifacts',
    { artifactType: 'metric', name: 'loss', value: 1 },
    [
      ...['GetContexts(1)', 'GetArtifactByTypeAndName()', 'GetArtifactsByType(1)'],
      ...['PutLineageSubgraph(2)', 'GetArtifactsByID(1)'],
    ],
  ],
  ['serving_environments', { name: 'e' }, PUT_CONTEXT, 'environment'],
  [
    'inference_services',
    { name: 's', servingEnvironmentId: '$environment', registeredModelId: '$model' },
    ['GetContextsByID(2)', ...PUT_CHILD.slice(1)],
    'service',
  ],
  [
    'inference_services/$service/serves',
    { name: 'd', modelVersionId: '$version' },
    ['GetContexts(2)', 'PutExecution(0)', 'GetExecutionsByID(1)'],
  ],
];

describe.skipIf(requireReference())('over an MLMD server', () => {
  test('a create asks only what it needs: 4 calls for a version, 3 for an artifact', async () => {
    await using registry = await openRegistry('remote');
    // The types are registered before the first write, and are known from then on.
    await registry.made('registered_models', { name: 'first' });
    const ids = new Map<string, string>();
    const filled = (text: string) => text.replaceAll(/\$(\w+)/g, (_all, name: string) => ids.get(name) ?? '');
    for (const [path, body, calls, as] of CREATES) {
      registry.calls.length = 0;
      const made = await registry.posted(filled(path), JSON.parse(filled(JSON.stringify(body))));
      expect(registry.calls, path).toEqual(calls);
      if (as !== undefined) ids.set(as, made.id);
    }
    registry.calls.length = 0;
    const version = await registry.got(`model_versions/${ids.get('version')}`);
    expect(version.registeredModelId).toBe(ids.get('model'));
  });

  test('a create that is refused tells why: who has the name or the external id, or what is not there', async () => {
    await using registry = await openRegistry('remote');
    const model = await registry.made('registered_models', { name: 'm', externalId: 'x' });
    const version = await registry.made('model_versions', { name: 'v', registeredModelId: model.id });
    const artifacts = `model_versions/${version.id}/artifacts`;
    await registry.posted(artifacts, { artifactType: 'model-artifact', name: 'a', externalId: 'x' });
    const [name, externalId] = [
      /^There is a .* of this name already\.$/,
      /^Another one has the external id already\.$/,
    ];
    const refused: readonly (readonly [path: string, body: object, status: number, message: RegExp])[] = [
      ['registered_models', { name: 'm' }, 409, name],
      ['registered_models', { name: 'n', externalId: 'x' }, 409, externalId],
      ['model_versions', { name: 'v', registeredModelId: model.id }, 409, name],
      ['model_versions', { name: 'w', registeredModelId: model.id, externalId: 'x' }, 409, externalId],
      ['model_versions', { name: 'v', registeredModelId: version.id }, 404, /^There is no registered model /],
      ['model_artifacts', { name: 'n', externalId: 'x' }, 409, externalId],
      [artifacts, { artifactType: 'doc-artifact', name: 'n', externalId: 'x' }, 409, externalId],
      [
        `model_versions/${model.id}/artifacts`,
        { artifactType: 'doc-artifact', name: 'n' },
        400,
        /^The id \d+ names no /,
      ],
      [
        'model_versions/999999/artifacts',
        { artifactType: 'doc-artifact', name: 'n' },
        404,
        /^There is no model version /,
      ],
    ];
    for (const [path, body, expected, message] of refused) {
      const { status, json } = await ask(registry.url, 'POST', `${BASE}/${path}`, { body });
      expect([path, status, (json as Body).message]).toEqual([path, expected, expect.stringMatching(message)]);
    }
    expect((await registry.got('model_versions')).size).toBe(1);
    expect((await registry.got('artifacts')).size).toBe(1);
    // Of the same name in the same place it is the same artifact.
    const again = await ask(registry.url, 'POST', `${BASE}/${artifacts}`, {
      body: { artifactType: 'model-artifact', name: 'a', uri: 's3://2' },
    });
    expect([again.status, again.json]).toMatchObject([200, { externalId: 'x', uri: 's3://2' }]);
  });
});

import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { RPC_NAMES } from '../../src/mlmd/store.ts';
import { REGISTRIES } from './matrix-roles.ts';
import { rpcProblem, rpcRequests } from './matrix-rpcs.ts';
import { openRpcRig, type RpcRig } from './rpc-rig.ts';

describe.each(Object.keys(REGISTRIES))('over gRPC, in the registry %s', (registry) => {
  const roles = REGISTRIES[registry] ?? {};
  let rig: RpcRig;

  beforeAll(async () => {
    rig = await openRpcRig(roles, registry);
  });

  afterAll(() => rig[Symbol.asyncDispose]());

  test.each(Object.keys(roles))('%s does what the role says, and nothing else', async (role) => {
    const requests = rpcRequests(rig.sample);
    expect(requests.map(({ name }) => name)).toEqual(RPC_NAMES);
    expect(requests.length).toBe(52);
    const wrong: string[] = [];
    for (const asked of requests) {
      const problem = rpcProblem(asked, roles[role] ?? [], await rig.call(asked.name, asked.request, role));
      if (problem) wrong.push(`${asked.name}: ${problem}`);
    }
    expect(wrong).toEqual([]);
  });

  test('what a mask names and a message lacks would go, and so needs the right', async () => {
    const { id, typeId } = rig.sample.artifact;
    for (const column of ['uri', 'external_id']) {
      const request = { artifacts: [{ id, typeId, properties: new Map(), customProperties: new Map() }] };
      const answer = await rig.call('putArtifacts', { ...request, updateMask: [column] }, 'viewer');
      expect(answer).toMatchObject({ code: status.PERMISSION_DENIED });
    }
  });

  test('types come with nodes only to who may get types', async () => {
    const ids = { artifactIds: [rig.sample.artifact.id], populateArtifactTypes: true };
    const counted = async (role: string) => {
      const { artifactTypes = [], artifacts = [] } = Object((await rig.call('getArtifactsById', ids, role)).answer);
      return [artifacts.length, artifactTypes.length];
    };
    expect(await counted(registry === 'alpha' ? 'viewer' : 'deployer')).toEqual([1, 1]);
    if (registry === 'beta') expect(await counted('viewer')).toEqual([1, 0]);
  });
});

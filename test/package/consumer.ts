import {
  type Client,
  createClient,
  findVersion,
  listRegisteredModels,
  ModelGraphError,
  type RegisteredModel,
  registerModel,
  type TypedDocument,
} from 'modelgraph/client';

// What somebody writes who has the package: the test checks its types in the folder where it is installed, and runs it.
const client: Client = createClient({ url: process.argv[2] ?? '' });

await registerModel(client, {
  model: { name: 'churn' },
  version: { name: 'v1' },
  artifact: { uri: 's3://models/churn/v1' },
});

const names: (string | null)[] = [];
for await (const model of listRegisteredModels(client, { where: { state: { eq: 'LIVE' } } })) {
  const { name }: RegisteredModel = model;
  names.push(name);
}

// @ts-expect-error: there is no such state
listRegisteredModels(client, { where: { state: { eq: 'ALIVE' } } });
// @ts-expect-error: a version has no such field
(await findVersion(client, { model: 'churn' }))?.owner;

const document: TypedDocument<{ __typename: 'Query' }, Record<string, never>> = '{ __typename }';
const { __typename } = await client.query(document, {});

const failure: unknown = await client.query('{ nothing }', {}).catch((error: unknown) => error);
const code = failure instanceof ModelGraphError ? failure.code : 'none';

console.log(JSON.stringify({ names, __typename, code }));

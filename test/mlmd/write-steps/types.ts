import type { WriteStep } from './step.ts';

/** Creating, extending and reading types. */
export const TYPE_STEPS: readonly WriteStep[] = [
  (store) => store.putArtifactType({ artifactType: { name: 'V', properties: new Map([['a', 1]]), version: '1' } }),
  (store) => store.putArtifactType({ artifactType: { name: 'V', properties: new Map([['a', 3]]), version: '2' } }),
  (store) => store.putArtifactType({ artifactType: { name: 'V', properties: new Map([['a', 1]]), version: '' } }),
  (store) => store.putArtifactType({ artifactType: { name: 'V', properties: new Map() } }),
  (store) => store.putArtifactType({ artifactType: { name: 'V', properties: new Map() }, canOmitFields: true }),
  (store) =>
    store.putArtifactType({
      artifactType: {
        name: 'V',
        properties: new Map([
          ['a', 1],
          ['b', 2],
        ]),
      },
    }),
  (store) =>
    store.putArtifactType({ artifactType: { name: 'V', properties: new Map([['b', 2]]) }, canAddFields: true }),
  (store) =>
    store.putArtifactType({
      artifactType: { name: 'V', properties: new Map([['b', 2]]), externalId: 'v', description: 'not stored now' },
      canAddFields: true,
      canOmitFields: true,
    }),
  (store) =>
    store.putArtifactType({ artifactType: { name: 'V', properties: new Map([['b', 1]]) }, canOmitFields: true }),
  (store) =>
    store.putArtifactType({ artifactType: { name: 'V', properties: new Map([['a', 0]]) }, canOmitFields: true }),
  (store) =>
    store.putArtifactType({
      artifactType: { name: 'V', properties: new Map([['z', 0]]) },
      canOmitFields: true,
      canAddFields: true,
    }),
  (store) => store.putArtifactType({ artifactType: { name: 'W', properties: new Map([['z', 0]]) } }),
  (store) => store.putArtifactType({ artifactType: { name: 'W', properties: new Map(), externalId: 'v' } }),
  (store) => store.putArtifactType({ artifactType: { properties: new Map() } }),
  (store) => store.putArtifactType({}),
  (store) => store.putTypes({ artifactTypes: [], executionTypes: [], contextTypes: [], allFieldsMatch: false }),
  (store) => store.putTypes({ artifactTypes: [], executionTypes: [], contextTypes: [] }),
  (store) =>
    store.putTypes({
      artifactTypes: [
        { name: 'twice', properties: new Map([['a', 1]]), baseType: 2 },
        {
          name: 'twice',
          properties: new Map([
            ['a', 1],
            ['b', 6],
          ]),
        },
      ],
      executionTypes: [{ name: 'trainer', properties: new Map(), baseType: 1, description: 'é', externalId: 'x' }],
      contextTypes: [{ name: 'twice', properties: new Map(), externalId: 'c' }],
      canAddFields: true,
    }),
  (store) =>
    store.putArtifactType({ artifactType: { name: 'twice', properties: new Map(), baseType: 1 }, canOmitFields: true }),
  (store) =>
    store.putArtifactType({ artifactType: { name: 'twice', properties: new Map(), baseType: 0 }, canOmitFields: true }),
  (store) => store.putContextType({ contextType: { name: 'twice', properties: new Map(), baseType: 0 } }),
  (store) =>
    store.putArtifactType({ artifactType: { name: 'V', properties: new Map(), baseType: 4 }, canOmitFields: true }),
  (store) => store.putArtifactType({ artifactType: { name: 'mlmd.Model', properties: new Map(), baseType: 2 } }),
  (store) => store.putArtifactType({ artifactType: { name: 'mlmd.Model', properties: new Map(), baseType: 1 } }),
  (store) => store.putArtifactType({ artifactType: { name: 'mlmd.Dataset', properties: new Map(), baseType: 2 } }),
  (store) => store.putContextType({ contextType: { name: 'W', properties: new Map(), externalId: 'v' } }),
  (store) => store.putContextType({ contextType: { name: 'twice', properties: new Map(), externalId: 'v' } }),
  (store) => store.putExecutionType({ executionType: { name: 'mlmd.Model', properties: new Map() } }),
  (store) => store.putContextType({ contextType: { name: 'mlmd.Model', properties: new Map() } }),
  (store) =>
    store.putExecutionType({
      executionType: {
        name: 'structured',
        properties: new Map(),
        inputType: {
          dict: {
            properties: new Map([
              ['a', { simple: { id: 5n, name: '<é>\u2028"&', properties: new Map([['q', 1]]), baseType: 2 } }],
            ]),
            noneTypeNotRequired: true,
            extraPropertiesType: {
              list: { element: { tuple: { elements: [{}, { intersection: { constraints: [] } }] } } },
            },
          },
        },
        outputType: { unionType: { candidates: [{ none: {} }, { any: {} }] } },
      },
    }),
  (store) => store.getExecutionType({ typeName: 'structured' }),
  (store) => store.getArtifactType({ typeName: 'V', typeVersion: '2' }),
  (store) => store.getArtifactType({ typeName: 'V', typeVersion: '' }),
  (store) => store.getArtifactType({ typeName: 'V', typeVersion: '3' }),
  (store) => store.getArtifactType({ typeName: 'E' }),
  (store) => store.getContextType({ typeName: 'twice' }),
  (store) => store.getArtifactTypes({}),
  (store) => store.getExecutionTypes({}),
  (store) => store.getContextTypes({}),
  (store) => store.getArtifactTypesById({ typeIds: [13n, 99n, 10n, 1n, 11n, 13n] }),
  (store) => store.getExecutionTypesById({ typeIds: [11n, 18n] }),
  (store) => store.getContextTypesById({ typeIds: [] }),
  (store) => store.getArtifactTypesByExternalIds({ externalIds: ['v', 'x', 'c', 'v'] }),
  (store) => store.getExecutionTypesByExternalIds({ externalIds: ['v', 'x', 'c'] }),
  (store) => store.getContextTypesByExternalIds({ externalIds: ['c', ''] }),
  (store) => store.getContextTypesByExternalIds({ externalIds: ['v'] }),
  (store) => store.getContextTypesByExternalIds({ externalIds: [] }),
];

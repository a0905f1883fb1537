import type { Right, Roles } from './roles.ts';

const SCIENCE: readonly Right[] = [
  'get *',
  'list *',
  ...[
    'registeredmodels',
    'modelversions',
    'artifacts',
    'executions',
    'contexts',
    'experiments',
    'experimentruns',
    'types',
  ].flatMap((resource) => [`create ${resource}`, `update ${resource}`]),
];

const DEPLOYMENT: readonly Right[] = [
  ...['registeredmodels', 'modelversions', 'lineage'].flatMap((resource) => [`get ${resource}`, `list ${resource}`]),
  '* servingenvironments',
  '* inferenceservices',
];

/** The five roles of the matrix in two registries: nobody has the same rights in both. */
export const REGISTRIES: Readonly<Record<string, Roles>> = {
  alpha: {
    nobody: [],
    viewer: ['get *', 'list *'],
    scientist: SCIENCE,
    deployer: DEPLOYMENT,
    administrator: ['* *'],
  },
  beta: {
    nobody: ['get types', 'list types'],
    viewer: ['get artifacts', 'list artifacts', 'get lineage'],
    scientist: DEPLOYMENT,
    deployer: SCIENCE,
    administrator: [],
  },
};

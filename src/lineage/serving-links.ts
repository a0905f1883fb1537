import type { Context } from '../context.ts';
import type { Link, LinkKind, NodeRef } from '../domain/lineage/graph.ts';
import { REGISTRY_KINDS } from '../domain/registry-kinds.ts';
import type { Context as ContextMessage, Value } from '../generated/proto/ml_metadata/proto/metadata_store.ts';
import {
  contextsOfType,
  idsAsked,
  idsOfKind,
  inTurn,
  type Level,
  type Links,
  parentsOfType,
  VERSION_ID,
} from './asked.ts';
import { membersOf } from './members.ts';

const MODEL = REGISTRY_KINDS.RegisteredModel.type;
const VERSION = REGISTRY_KINDS.ModelVersion.type;
const SERVICE = REGISTRY_KINDS.InferenceService.type;
const ENVIRONMENT = REGISTRY_KINDS.ServingEnvironment.type;
const DEPLOYMENT = REGISTRY_KINDS.ServeModel.type;
const MODEL_ID = 'registered_model_id';

/** The newest versions of a model that are looked through for the newest one of a time. */
const VERSIONS = 10_000;

/** From a version to its deployments and the services that want it, and on to the environments where those run. */
export async function servingLinks(context: Context, level: Level): Links {
  return inTurn([
    () => ofDeployments(context, level),
    () => belowVersions(context, contextsOfType(level, VERSION, 'down'), level.asOf),
    () => aboveServices(context, contextsOfType(level, SERVICE, 'up'), level.asOf),
    () => belowServices(context, contextsOfType(level, SERVICE, 'down')),
    () => aboveEnvironments(context, contextsOfType(level, ENVIRONMENT, 'up')),
  ]);
}

async function ofDeployments(context: Context, { asked, deployments: found }: Level): Links {
  const up = new Set(idsAsked(asked, 'Execution', 'up'));
  const down = new Set(idsAsked(asked, 'Execution', 'down'));
  const above = found.filter(({ id = 0n }) => up.has(id));
  const below = found.flatMap(({ id = 0n }) => (down.has(id) ? [id] : []));
  return inTurn([
    () => versionsNamed(context, above, ({ id = 0n }) => execution(id)),
    () => servicesOf(context, below),
  ]);
}

/** From the versions that these nodes name, where there are such, to the nodes. */
async function versionsNamed<Node extends { readonly properties: ReadonlyMap<string, Value> }>(
  context: Context,
  nodes: readonly Node[],
  toRef: (node: Node) => NodeRef,
): Links {
  const named = nodes.flatMap((node) => {
    const version = versionIn(node.properties);
    return version === undefined ? [] : [{ version, to: toRef(node) }];
  });
  const versions = await idsOfKind(
    context,
    'ModelVersion',
    named.map(({ version }) => version),
  );
  return named.flatMap(({ version, to }) => (versions.has(version) ? [deployedAs(version, to)] : []));
}

async function servicesOf({ loaders }: Context, ids: readonly bigint[]): Links {
  const found = await Promise.all(
    ids.map(async (id) => {
      const contexts = await loaders.contextsOfExecution.load(id);
      const services = await Promise.all(contexts.map((of) => loaders.registered.context('InferenceService', of)));
      return services.flatMap((each) => (each ? [runsIn(execution(id), each.id)] : []));
    }),
  );
  return found.flat();
}

async function belowVersions(context: Context, versions: readonly ContextMessage[], asOf: bigint | undefined): Links {
  const ids = versions.map(idOf);
  const [services, deployments, newest] = await Promise.all([
    membersOf(context, 'contextsByInt', ids, { types: [SERVICE], parentTypes: [ENVIRONMENT], property: VERSION_ID }),
    membersOf(context, 'executionsByInt', ids, { types: [DEPLOYMENT], property: VERSION_ID }),
    servicesOfNewest(context, versions, asOf),
  ]);
  return [
    ...services.map(({ key, node }) => deployedAs(key, contextRef(node.id))),
    ...deployments.map(({ key, node }) => deployedAs(key, execution(node.id ?? 0n))),
    ...newest,
  ];
}

/** A service that names no version wants the newest one of its model. */
async function servicesOfNewest(
  context: Context,
  versions: readonly ContextMessage[],
  asOf: bigint | undefined,
): Links {
  const parents = await parentsOfType(context, versions, () => MODEL);
  const models = new Set(parents.map(({ parent }) => parent));
  const bounds = { types: [SERVICE], parentTypes: [ENVIRONMENT], property: MODEL_ID };
  const services = await membersOf(context, 'contextsByInt', [...models], bounds);
  const wanted = new Set(versions.map(idOf));
  const links = await newestFor(
    context,
    services.map(({ node }) => node),
    (id) => models.has(id),
    asOf,
  );
  return links.filter(({ from }) => wanted.has(from.id));
}

/** From the newest version of its model to each service that names no version. */
async function newestFor(
  { loaders }: Context,
  services: readonly ContextMessage[],
  isModel: (id: bigint) => boolean | Promise<boolean>,
  asOf: bigint | undefined,
): Links {
  const found = await Promise.all(
    services.map(async (service) => {
      const { properties } = await loaders.context.withProperties(service, [VERSION_ID, MODEL_ID]);
      const model = properties.get(MODEL_ID)?.intValue;
      if (versionIn(properties) !== undefined || model === undefined) return [];
      if (!(await isModel(model))) return [];
      const version = await newestVersion(loaders, model, asOf);
      return version === undefined ? [] : [deployedAs(version, contextRef(service.id))];
    }),
  );
  return found.flat();
}

/** The version of a model that was the newest one at the time, or is. */
async function newestVersion(
  { walkGroups }: Context['loaders'],
  model: bigint,
  asOf: bigint | undefined,
): Promise<bigint | undefined> {
  const newest = { key: model, afterId: 0n, newestFirst: true, types: [VERSION] };
  if (asOf === undefined) return (await walkGroups.childrenOfContexts.load({ ...newest, count: 1 })).nodes[0]?.id;
  const { nodes } = await walkGroups.childrenOfContexts.load({ ...newest, count: VERSIONS });
  return nodes.find(({ createTimeSinceEpoch = 0n }) => createTimeSinceEpoch <= asOf)?.id;
}

async function aboveServices(context: Context, services: readonly ContextMessage[], asOf: bigint | undefined): Links {
  const { loaders } = context;
  const [deployments, named, newest] = await Promise.all([
    membersOf(context, 'executionsOfContexts', services.map(idOf), { types: [DEPLOYMENT] }),
    Promise.all(services.map((each) => loaders.context.withProperties(each, [VERSION_ID, MODEL_ID]))),
    newestFor(context, services, async (id) => (await loaders.context.load(id))?.type === MODEL, asOf),
  ]);
  return [
    ...deployments.map(({ key, node }) => runsIn(execution(node.id ?? 0n), key)),
    ...(await versionsNamed(context, named, ({ id }) => contextRef(id))),
    ...newest,
  ];
}

async function belowServices(context: Context, services: readonly ContextMessage[]): Links {
  const found = await parentsOfType(context, services, () => ENVIRONMENT);
  return found.map(({ child, parent }) => runsIn(contextRef(child), parent));
}

async function aboveEnvironments(context: Context, environments: readonly ContextMessage[]): Links {
  const found = await membersOf(context, 'childrenOfContexts', environments.map(idOf), { types: [SERVICE] });
  return found.map(({ key, node }) => runsIn(contextRef(node.id), key));
}

function versionIn(properties: ReadonlyMap<string, Value>): bigint | undefined {
  return properties.get(VERSION_ID)?.intValue;
}

function idOf({ id = 0n }: ContextMessage): bigint {
  return id;
}

function execution(id: bigint): NodeRef {
  return { type: 'Execution', id };
}

function contextRef(id: bigint | undefined): NodeRef {
  return { type: 'Context', id: id ?? 0n };
}

function deployedAs(version: bigint, to: NodeRef): Link {
  return serving(contextRef(version), to, 'DEPLOYED_AS');
}

function runsIn(from: NodeRef, context: bigint | undefined): Link {
  return serving(from, contextRef(context), 'RUNS_IN');
}

function serving(from: NodeRef, to: NodeRef, kind: LinkKind): Link {
  return { from, to, kind, derivedFrom: 'SERVING' };
}

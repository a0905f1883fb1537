import { type AskedNode, compareLinks, type Link, type NodeRef, type ReadLinks } from '../domain/lineage/graph.ts';
import {
  createNodeMap,
  createSeenLinks,
  inOrder,
  type NodeMap,
  newVisit,
  type SeenLinks,
  type Step,
  stepOver,
  type Visit,
} from '../domain/lineage/visits.ts';

/** Says of each of these nodes whether something is so. */
export type Judge = (nodes: readonly NodeRef[]) => Promise<readonly boolean[]>;

/** What bounds a walk, besides its depth. */
export interface WalkOptions {
  readonly up: boolean;
  readonly down: boolean;
  /** Whether a link counts; all do where it is absent. */
  readonly keeps?: ((link: Link) => boolean) | undefined;
  /** Which nodes are there; all are where it is absent. */
  readonly admits?: Judge | undefined;
  /** From which nodes the walk goes on, besides the start nodes; from all where it is absent. */
  readonly opens?: Judge | undefined;
}

/**
 * A walk over the graph, breadth first, one level after the other. Functions and no accessors: those of an object that is
 * made for each request are part of its hidden class, and V8 keeps that, and with it the walk, until a full collection.
 */
export interface Walk {
  depth(): number;
  /** The nodes at this depth, in order. */
  level(): readonly Visit[];
  /** Visits nodes of the level; gives the links between them and nodes that were visited before. */
  visit(nodes: readonly Visit[]): readonly Link[];
  /**
   * Reads the links of the nodes of the level that were visited; gives those between visited nodes. Where a page before
   * has come to this level (`isAgain`), it has given those between nodes that it had.
   */
  expand(isAgain: boolean): Promise<readonly Link[]>;
  /** How many new nodes were found at the other ends; those that only nodes in `left` lead to do not count. */
  foundWithout(left: ReadonlySet<Visit>): number;
  /** Whether the walk has anything to go on with. */
  goesOn(): boolean;
  /** Goes on to the nodes that were found. */
  advance(): void;
  /** The nodes over which a node was found first, from a start node to itself. */
  pathTo(node: Visit): readonly NodeRef[];
}

interface State {
  readonly visits: NodeMap<Visit>;
  readonly seenLinks: SeenLinks;
  /** How many nodes were found. */
  count: number;
  depth: number;
  level: readonly Visit[];
  /** Nodes of the level that were visited. */
  entered: Visit[];
  /** Nodes that were visited before and are to be gone on from in the other way as well. */
  reopened: AskedNode[];
  next: Visit[];
}

/** A walk that begins at these nodes. */
export function createWalk(readLinks: ReadLinks, start: readonly NodeRef[], options: WalkOptions): Walk {
  const state: State = {
    visits: createNodeMap(),
    seenLinks: createSeenLinks(),
    count: 0,
    depth: 0,
    level: [],
    entered: [],
    reopened: [],
    next: [],
  };
  for (const node of start) {
    if (state.visits.get(node)) continue;
    const visit = newVisit(node, { number: state.count++, depth: 0, isStart: true, via: undefined });
    state.visits.set(node, Object.assign(visit, { up: options.up, down: options.down }));
    state.next.push(visit);
  }
  state.level = inOrder(state.next);
  state.next = [];
  return {
    depth: () => state.depth,
    level: () => state.level,
    goesOn: () => state.next.length > 0 || state.reopened.length > 0,
    visit: (nodes) => enter(state, nodes),
    expand: (isAgain) => expand(state, readLinks, options, isAgain),
    foundWithout: (left) => foundWithout(state, left),
    pathTo: (node) => pathTo(state, node),
    advance() {
      Object.assign(state, { depth: state.depth + 1, entered: [], level: inOrder(state.next), next: [] });
    },
  };
}

function enter(state: State, nodes: readonly Visit[]): readonly Link[] {
  const links: Link[] = [];
  for (const visit of nodes) {
    visit.is = 'visited';
    if (!visit.known) links.push(...visit.pending);
    visit.pending = [];
    state.entered.push(visit);
  }
  return links;
}

async function expand(
  state: State,
  readLinks: ReadLinks,
  options: WalkOptions,
  isAgain: boolean,
): Promise<readonly Link[]> {
  const others = state.entered.filter(({ isStart }) => !isStart);
  const opened = await chosen(others, options.opens);
  mark(others, opened, (visit) => {
    visit.isClosed = true;
  });
  const asked = [...state.entered.filter(({ isStart }) => isStart), ...opened].map(toAsked);
  const toRead = [...asked, ...state.reopened];
  state.reopened = [];
  const read = toRead.length === 0 ? [] : await readLinks(toRead);
  const links = (options.keeps ? read.filter(options.keeps) : [...read]).sort(compareLinks);
  const fresh = stepOut(state, links, toRead);
  state.next = await chosen(fresh, options.admits);
  mark(fresh, state.next, (visit) => {
    visit.is = 'absent';
  });
  return linksBetween(state, links, isAgain);
}

/** Marks those that were not chosen. */
function mark(all: readonly Visit[], chosen: readonly Visit[], as: (visit: Visit) => void): void {
  if (all.length === chosen.length) return;
  const kept = new Set(chosen);
  for (const visit of all) if (!kept.has(visit)) as(visit);
}

async function chosen(nodes: readonly Visit[], judge: Judge | undefined): Promise<Visit[]> {
  if (!judge) return [...nodes];
  const verdicts = await judge(nodes);
  return nodes.filter((_node, index) => verdicts[index]);
}

function toAsked({ type, id, up, down, isStart, known }: Visit): AskedNode {
  return { type, id, up, down, isStart, known };
}

const NOBODY: readonly AskedNode[] = [];

/** Notes what is at the other ends of the links, and which way to go on from there; gives the nodes that are new. */
function stepOut(state: State, links: readonly Link[], asked: readonly AskedNode[]): readonly Visit[] {
  const byNode = createNodeMap<AskedNode[]>();
  for (const node of asked) {
    const same = byNode.get(node);
    if (same) same.push(node);
    else byNode.set(node, [node]);
  }
  const fresh: Visit[] = [];
  const reopened = new Map<Visit, AskedNode>();
  for (const link of links) {
    for (const at of byNode.get(link.from) ?? NOBODY) step(link, at);
    for (const at of byNode.get(link.to) ?? NOBODY) step(link, at);
  }
  state.reopened = [...reopened.values()];
  return fresh;

  function step(link: Link, at: AskedNode): void {
    const over = stepOver(link, at);
    if (over) arrive(over, link);
  }

  function arrive({ to, up, down }: Step, via: Link): void {
    const known = state.visits.get(to);
    const visit = known ?? newVisit(to, { number: state.count++, depth: state.depth + 1, isStart: false, via });
    const isNews = { up: up && !visit.up, down: down && !visit.down };
    if (!known) {
      state.visits.set(to, visit);
      fresh.push(visit);
    }
    visit.up ||= up;
    visit.down ||= down;
    if (visit.is !== 'visited' || visit.isClosed || !(isNews.up || isNews.down)) return;
    const before = reopened.get(visit);
    reopened.set(visit, {
      ...toAsked(visit),
      up: isNews.up || before?.up === true,
      down: isNews.down || before?.down === true,
    });
  }
}

/** Each link once, where its second end is visited; those of earlier pages are left out. */
function linksBetween({ visits, seenLinks }: State, links: readonly Link[], isAgain: boolean): readonly Link[] {
  return links.filter((link) => {
    const from = visits.get(link.from);
    const to = visits.get(link.to);
    if (!from || !to || from.is === 'absent' || to.is === 'absent' || !seenLinks.isNew(link, from, to)) return false;
    const open = from.is === 'seen' ? from : to.is === 'seen' ? to : undefined;
    open?.pending.push(link);
    return open === undefined && !(isAgain && from.known && to.known);
  });
}

function foundWithout({ visits, next }: State, left: ReadonlySet<Visit>): number {
  if (left.size === 0) return next.length;
  const isLeft = (node: NodeRef) => {
    const visit = visits.get(node);
    return visit !== undefined && left.has(visit);
  };
  return next.filter(({ pending }) => pending.some(({ from, to }) => !isLeft(from) && !isLeft(to))).length;
}

function pathTo({ visits }: State, node: Visit): readonly NodeRef[] {
  const path: NodeRef[] = [];
  for (let at: Visit | undefined = node; at; at = before(visits, at)) path.push(at);
  return path.reverse();
}

/** The node from which it was found. */
function before(visits: NodeMap<Visit>, { via, type, id }: Visit): Visit | undefined {
  if (!via) return undefined;
  return visits.get(via.to.type === type && via.to.id === id ? via.from : via.to);
}

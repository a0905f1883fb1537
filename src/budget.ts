import { RegistryError } from './errors.ts';

/** How many nodes one request may find. */
const MAX_NODES = 10_000;

/** How many lists of properties one request may show: all four of every node, and some. */
const MAX_SHOWN = 5 * MAX_NODES;

/** Nodes that a walk looks at for the price of one that is found: their links alone are read, many at a time. */
const WALKED_PER_COST = 10;

/** What one request may still find. It counts nodes that are really there, never an estimate from page sizes. */
export interface Budget {
  /** Counts the rows of a list, before what stands in them is loaded. QUERY_TOO_COMPLEX beyond the limit. */
  spend(rows: number): void;
  /** The page, its rows counted. */
  counted<Counted extends { readonly rows: readonly unknown[] }>(page: Counted): Counted;
  /** Counts a list of properties that is shown, which aliases can multiply. QUERY_TOO_COMPLEX beyond 50,000. */
  readonly show: () => void;
  /** Refuses to go on where so many rows more, which were found and will be counted, pass the limit. */
  readonly foresee: (rows: number) => void;
  /** Counts nodes that a walk looks at, whether they are shown or not. */
  readonly walk: (nodes: number) => void;
  /** What all of it is worth in cost: the nodes that were found, and a tenth of those that walks looked at. */
  used(): number;
}

/** A budget of 10,000 nodes. `stop` hears of it when the limit is passed, so that the whole request ends at once. */
export function createBudget(stop: (error: RegistryError) => void): Budget {
  let spent = 0;

  let shown = 0;

  let walked = 0;

  function refuse(error: RegistryError): never {
    stop(error);
    throw error;
  }

  function refuseBeyond(count: number): void {
    if (count > MAX_NODES) refuse(tooComplex());
  }

  function spend(rows: number): void {
    spent += rows;
    refuseBeyond(spent);
  }

  return {
    spend,
    counted(page) {
      spend(page.rows.length);
      return page;
    },
    show() {
      shown += 1;
      if (shown > MAX_SHOWN) refuse(tooMuchShown());
    },
    foresee: (rows) => refuseBeyond(spent + rows),
    walk(nodes) {
      walked += nodes;
    },
    used: () => spent + Math.floor(walked / WALKED_PER_COST),
  };
}

function tooComplex(): RegistryError {
  return new RegistryError(
    'QUERY_TOO_COMPLEX',
    `This query finds more than ${MAX_NODES} nodes. Ask for smaller pages with 'first' or 'maxNodes', or for fewer levels at once.`,
  );
}

function tooMuchShown(): RegistryError {
  return new RegistryError(
    'QUERY_TOO_COMPLEX',
    `This query shows more than ${MAX_SHOWN} lists of properties. Ask for each of them once.`,
  );
}

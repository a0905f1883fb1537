/** What is counted of one request while it is worked on. */
export interface RequestTally {
  /** E.g. `query`, or the route; the same for all requests of a kind. */
  operation: string;
  /** Calls of the store. */
  calls: number;
}

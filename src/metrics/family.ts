/** What a metric is called and means. */
export interface Described {
  /** E.g. `modelgraph_requests_total`. */
  readonly name: string;
  /** One sentence; docs/monitoring.md has it too. */
  readonly help: string;
  /** Names of the labels, each of which has few values, none of them a caller's own words. */
  readonly labels?: readonly string[];
}

/** A metric with all its series, as Prometheus reads it. */
export interface Family extends Described {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** A line for each series, as they are now. */
  lines(): readonly string[];
}

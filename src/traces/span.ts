/** What a trace knows a span by. */
export interface SpanContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

/** Facts about a span, by their names. */
export type Attributes = Readonly<Record<string, string | number>>;

/** A piece of work that has ended. */
export interface Span extends SpanContext {
  readonly parentId: string | undefined;
  readonly name: string;
  /** True for what a caller has asked for. */
  readonly server: boolean;
  /** Nanoseconds since 1970. */
  readonly begun: bigint;
  readonly ended: bigint;
  readonly attributes: Attributes;
  /** The code of the failure that ended it. */
  readonly failure: string | undefined;
}

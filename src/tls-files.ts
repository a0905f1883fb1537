/** What a server needs for TLS; PEM. */
export interface TlsFiles {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** The authorities of client certificates. With them, a client may show one; whoever needs one looks for it. */
  readonly clientCa?: Buffer;
}

/** What a door knows of who asks: the same for HTTP and gRPC. */
export interface Credentials {
  /** All values of a header (or of gRPC metadata), as they were sent, by its name in small letters. */
  values(name: string): readonly string[];
  readonly peer: Peer;
}

/** The other end of the connection. */
export interface Peer {
  /** Its IP address; empty where it has none (a Unix socket). */
  readonly address: string;
  /** Its certificate, where it showed one that our authorities have signed. */
  readonly certificate?: PeerCertificate;
}

/** Whom a client certificate names. */
export interface PeerCertificate {
  readonly commonName: string;
  readonly organizations: readonly string[];
}

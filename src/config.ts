/** What the environment tells the command line. */
export interface Environment {
  /** `MODELGRAPH_SERVER`: the base address of the server to ask. */
  readonly server: string | undefined;
  /** `MODELGRAPH_TOKEN`: the token to show it. */
  readonly token: string | undefined;
  /** `MODELGRAPH_TOKEN_FILE`: a file with the token. */
  readonly tokenFile: string | undefined;
  /** `NO_COLOR`: no colours, whatever the terminal can. */
  readonly noColor: boolean;
  /** `TERM=dumb`: a terminal that knows no colours and no cursor. */
  readonly dumbTerminal: boolean;
  /** `XDG_CONFIG_HOME`, where it is an absolute path: the folder of the configuration files of this user. */
  readonly configHome: string | undefined;
}

/** The environment of the process, read now. An empty variable is an absent one. */
export function readEnvironment(): Environment {
  const text = (name: string) => process.env[name] || undefined;
  const configHome = text('XDG_CONFIG_HOME');
  return {
    server: text('MODELGRAPH_SERVER'),
    token: text('MODELGRAPH_TOKEN'),
    tokenFile: text('MODELGRAPH_TOKEN_FILE'),
    noColor: text('NO_COLOR') !== undefined,
    dumbTerminal: text('TERM') === 'dumb',
    configHome: configHome?.startsWith('/') ? configHome : undefined,
  };
}

/** `OTEL_EXPORTER_OTLP_ENDPOINT`: the base address of the collector that traces are sent to. */
export function readTraceCollector(): string | undefined {
  return process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] || undefined;
}

/** Where a pod of Kubernetes finds the API server and its own service account. */
export interface PodSurroundings {
  readonly host: string;
  readonly port: string;
  /** The folder with the token and the authority. */
  readonly folder: string;
}

/** What Kubernetes tells each of its pods; undefined outside of one. */
export function readPodSurroundings(): PodSurroundings | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
  if (!host || !port) return undefined;
  return { host, port, folder: '/var/run/secrets/kubernetes.io/serviceaccount' };
}

/** An object of a manifest, as YAML or JSON has it. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has another form
  readonly [field: string]: any;
}

type Labels = Readonly<Record<string, string>>;

/** The pod that an object makes many of; undefined where it makes none. */
export function podOf({ spec }: KubeObject): KubeObject | undefined {
  return spec?.template?.spec?.containers ? spec.template : undefined;
}

/** Whether a selector of `matchLabels` selects what has these labels. */
export function selects(selector: { readonly matchLabels?: Labels } | undefined, labels: Labels = {}): boolean {
  return Object.entries(selector?.matchLabels ?? {}).every(([name, value]) => labels[name] === value);
}

/** What there is for each combination of label values. */
export interface Series<Value> {
  /** The value of these labels, in the order of their names; made where there is none. */
  of(labels: readonly string[]): Value;
  /** Each value with its labels as text, such as `door="rest",code="200"`. */
  entries(): readonly (readonly [labels: string, value: Value])[];
}

/** Values by the labels of these names. */
export function createSeries<Value>(names: readonly string[], make: () => Value): Series<Value> {
  const values = new Map<string, readonly [string, Value]>();
  if (names.length === 0) values.set('', ['', make()]);
  return {
    of(labels) {
      const key = labels.length === 1 ? (labels[0] ?? '') : labels.join('\0');
      const known = values.get(key);
      if (known) return known[1];
      const value = make();
      values.set(key, [labelsText(names, labels), value]);
      return value;
    },
    entries: () => [...values.values()],
  };
}

/** Labels as the text format has them, without the braces. */
export function labelsText(names: readonly string[], values: readonly string[]): string {
  return names.map((name, index) => `${name}="${escaped(values[index] ?? '')}"`).join(',');
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

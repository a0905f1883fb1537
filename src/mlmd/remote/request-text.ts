/** The first text of this name in a request, however deep: list options have another place in each. */
export function requestText(message: unknown, field: string): string | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const inner: readonly [string, unknown][] = Object.entries(message);
  for (const [name, value] of inner) {
    const text = name === field && typeof value === 'string' ? value : requestText(value, field);
    if (text !== undefined) return text;
  }
  return undefined;
}

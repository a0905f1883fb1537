/** The ids in ascending order, each once. */
export function ascending(ids: readonly bigint[]): readonly bigint[] {
  const areSo = ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? 0n));
  return areSo ? ids : [...new Set(BigInt64Array.from(ids).sort())];
}

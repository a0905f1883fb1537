/** The same for the same value: SHA-256 of its text in one order, as unpadded base64url. */
export async function fingerprint(value: unknown): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(toText(value)));
  return Buffer.from(bytes).toString('base64url');
}

/** JSON with the keys in order; an integer is the same as its digits, for literals come as digits. */
function toText(value: unknown): string {
  if (typeof value === 'bigint') return JSON.stringify(value.toString());
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(toText).join(',')}]`;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  const sorted = entries.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${sorted.map(([key, each]) => `${JSON.stringify(key)}:${toText(each)}`).join(',')}}`;
}

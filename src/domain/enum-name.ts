/** The name of a protocol number in its enum; `UNKNOWN` for a number that the enum does not know. */
export function enumName<Name extends string>(
  names: Readonly<Record<Name, number>>,
  number: number | undefined,
): Name | 'UNKNOWN' {
  for (const name in names) if (names[name] === number) return name;
  return 'UNKNOWN';
}

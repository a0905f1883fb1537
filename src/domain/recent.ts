/** Values by name, of which only the `size` that were used last are kept. */
export interface Recent<T> {
  get(name: string): T | undefined;
  set(name: string, value: T): void;
}

interface Entry<T> {
  readonly value: T;
  /** The number of its last use. */
  used: number;
}

/** For what is costly to make and whose names others choose: it never fills the memory. */
export function createRecent<T>(size: number): Recent<T> {
  const entries = new Map<string, Entry<T>>();
  let uses = 0;

  /** Looks at all of them, which is still little beside what it cost to make the new one. */
  function dropOldest(): void {
    let [oldest] = entries;
    for (const entry of entries) if (oldest === undefined || entry[1].used < oldest[1].used) oldest = entry;
    if (oldest) entries.delete(oldest[0]);
  }

  return {
    get(name) {
      const entry = entries.get(name);
      if (!entry) return undefined;
      uses += 1;
      entry.used = uses;
      return entry.value;
    },
    set(name, value) {
      uses += 1;
      entries.set(name, { value, used: uses });
      if (entries.size > size) dropOldest();
    },
  };
}

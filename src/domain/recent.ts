/** Values by name, of which only the `size` that were used last are kept. */
export interface Recent<T> {
  get(name: string): T | undefined;
  set(name: string, value: T): void;
}

/** For what is costly to make and whose names others choose: it never fills the memory. */
export function createRecent<T>(size: number): Recent<T> {
  const values = new Map<string, T>(); // in the order of their use

  function set(name: string, value: T): void {
    values.delete(name);
    values.set(name, value);
    const [oldest] = values.keys();
    if (values.size > size && oldest !== undefined) values.delete(oldest);
  }

  return {
    get(name) {
      const value = values.get(name);
      if (value !== undefined) set(name, value);
      return value;
    },
    set,
  };
}

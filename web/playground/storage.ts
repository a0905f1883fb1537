import type { GraphiQLProps } from 'graphiql';

const PREFIX = 'modelgraph:';

/** The browser's storage under names of our own: ports are reused, and another GraphiQL's tabs must not appear here. */
export const storage: NonNullable<GraphiQLProps['storage']> = {
  getItem: (name) => localStorage.getItem(PREFIX + name),
  setItem: (name, value) => localStorage.setItem(PREFIX + name, value),
  removeItem: (name) => localStorage.removeItem(PREFIX + name),
  clear: () => {
    for (const name of ownNames()) localStorage.removeItem(name);
  },
  get length() {
    return ownNames().length;
  },
};

function ownNames(): string[] {
  return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
}

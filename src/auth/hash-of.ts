import { hash } from 'node:crypto';

/**
 * A key for a map, from which nothing of the parts can be read. Different parts have different ones, wherever their
 * texts have separators.
 */
export function hashOf(...parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url');
}

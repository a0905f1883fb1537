import { areKnownNames, isKnownName } from './known-name.ts';
import type { Mode } from './mode.ts';
import { invalidToken } from './refusals.ts';

/**
 * Knows callers by their client certificate: the common name is their name, the organizations are their groups.
 * `proxies` are names of those who speak for others, and never for themselves.
 */
export function certificateMode(proxies: readonly string[]): Mode {
  return async ({ peer: { certificate } }) => {
    if (!certificate || proxies.includes(certificate.commonName)) return undefined;
    const { commonName, organizations } = certificate;
    if (!isKnownName(commonName) || !areKnownNames(organizations)) throw invalidToken();
    return { name: commonName, groups: organizations, by: 'certificate' };
  };
}

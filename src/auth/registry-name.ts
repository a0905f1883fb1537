/** True for what may name a registry: a DNS label, so that Kubernetes takes it as the name of a resource. */
export function isRegistryName(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(text);
}

/** Model → versions → artifacts → producing executions → inputs → their executions, without properties. */
export const PLAIN = provenance('');

/** The same with all properties of the artifacts. */
export const WITH_PROPERTIES = provenance('propertyMap customPropertyMap');

function provenance(properties: string): string {
  const execution = 'databaseId name state type { name }';
  const artifact = `databaseId name uri state type { name } ${properties}`;
  return `query Provenance($model: ID!) {
    context(databaseId: $model) {
      name
      children(first: 20) { nodes {
        name
        artifacts(first: 20) { nodes {
          ${artifact}
          producedBy { nodes {
            ${execution}
            inputs { nodes {
              ${artifact}
              producedBy { nodes { ${execution} } }
            } }
          } }
        } }
      } }
    }
  }`;
}

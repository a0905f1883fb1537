/** The part of `--help` with examples; each is what comes behind `modelgraph`. */
export function examplesText(...examples: readonly string[]): string {
  return ['', 'Examples:', ...examples.map((example) => `  $ modelgraph ${example}`)].join('\n');
}

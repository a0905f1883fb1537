import type { Family } from './family.ts';

/** The media type of Prometheus' text format. */
export const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

/** All metrics in Prometheus' text format; those without a value yet have their description. */
export function toExposition(families: readonly Family[]): string {
  const lines = families.flatMap((family) => [
    `# HELP ${family.name} ${family.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${family.name} ${family.type}`,
    ...family.lines(),
  ]);
  return `${lines.join('\n')}\n`;
}

import { readFileSync } from 'node:fs';

/** The README as it is written. */
export const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** What stands below the heading of that name. */
export function sectionOf(page: string, heading: string): string {
  return page.split(/^## /m).find((section) => section.startsWith(`${heading}\n`)) ?? '';
}

/** The code blocks of that language. */
export function blocksOf(text: string, language: string): string[] {
  return Array.from(text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms')), ([, block = '']) => block);
}

/** One instruction of a Dockerfile: `COPY`, and what follows it on its line, continued lines joined. */
export interface Instruction {
  readonly name: string;
  readonly args: string;
}

/** What stands from one FROM to the next. */
export interface Stage {
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile; one without a name has its number. ARGs are filled in with their defaults. */
export function parseDockerfile(text: string): Stage[] {
  const lines = text.replace(/^#.*\n/gm, '').replaceAll(/\\\n\s*/g, '');
  const defaults = new Map(Array.from(lines.matchAll(/^ARG (\w+)=(\S+)$/gm), ([, name, value]) => [name, value]));
  const instructions = Array.from(lines.matchAll(/^([A-Z]+)\s+(.+)$/gm), ([, name = '', args = '']) => ({
    name,
    args: args.replaceAll(/\$\{(\w+)\}/g, (whole, arg) => defaults.get(arg) ?? whole),
  }));
  const starts = instructions.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []));
  return starts.map((start, index) => ({
    name: /\bAS (\w+)$/.exec(instructions[start]?.args ?? '')?.[1] ?? String(index),
    instructions: instructions.slice(start, starts[index + 1]),
  }));
}

/** Says of a file of the repository whether .dockerignore lets it into a build: the last line that fits it counts. */
export function parseDockerignore(text: string): (path: string) => boolean {
  const rules = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return (path) => {
    const fits = (pattern: string) => pattern === '**' || `${path}/`.startsWith(`${pattern}/`);
    return rules.findLast((rule) => fits(rule.replace('!', '')))?.startsWith('!') ?? true;
  };
}

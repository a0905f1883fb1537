import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

import { RegistryError } from '../../errors.ts';

/** A YAML file that is read field by field. What does not fit is told with its line and column. */
export interface YamlFields {
  readonly root: Node | null;
  /** The error for what is wrong there. */
  problem(node: Node | null | undefined, what: string): RegistryError;
}

/** INVALID_ARGUMENT for a text that is not one YAML document. */
export function parseFields(file: string, text: string): YamlFields {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
  const problemAt = (offset: number, what: string) => {
    const { line, col } = lineCounter.linePos(offset);
    return new RegistryError('INVALID_ARGUMENT', `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}: ${what}`);
  };
  const [error] = [...document.errors, ...document.warnings];
  if (error) throw problemAt(error.pos[0], `the file is not YAML: ${error.message.split('\n')[0] ?? ''}`);
  return {
    root: document.contents,
    problem: (node, what) => problemAt(node?.range?.[0] ?? 0, what),
  };
}

/** A field's name and value, with where the name stands. */
export interface YamlField {
  readonly name: string;
  readonly key: Node;
  readonly value: Node | null;
}

/** The fields of a map, in order. `what` says what the map is for. */
export function fieldsOf({ problem }: YamlFields, node: Node | null, what: string): readonly YamlField[] {
  if (!isMap<Node, Node | null>(node)) throw problem(node, `${what} has to be a map of names.`);
  return node.items.map(({ key, value }) => {
    if (!isScalar(key) || typeof key.value !== 'string' || key.value === '')
      throw problem(key, 'A name has to be a text.');
    return { name: key.value, key, value };
  });
}

/** The items of a list. */
export function itemsOf({ problem }: YamlFields, node: Node | null, what: string): readonly Node[] {
  if (!isSeq<Node>(node)) throw problem(node, `${what} has to be a list.`);
  return node.items;
}

/** A list of texts, at least one, each with where it stands. */
export function textsOf(yaml: YamlFields, node: Node | null, what: string): readonly (readonly [string, Node])[] {
  const texts = itemsOf(yaml, node, what).map((item) => {
    if (isScalar(item) && typeof item.value === 'string' && item.value !== '') return [item.value, item] as const;
    throw yaml.problem(item, `${what} has to be a list of texts; put quotes around this one.`);
  });
  if (texts.length === 0) throw yaml.problem(node, `${what} is empty.`);
  return texts;
}

import { filterError } from '../../../domain/filter-query.ts';

import { alike, expectType, type Typed, typed, type ValueType } from './typed.ts';

type Parameter = Exclude<ValueType, 'null'>;

interface Signature {
  readonly parameters: readonly Parameter[];
  /** How many of the parameters, from the last one, may be left out. */
  readonly optional: number;
  readonly result: Parameter;
}

/** Functions that the engine's SQLite has under GoogleSQL's names, and whose cost is bounded by their operands'. */
const SIGNATURES: Readonly<Record<string, Signature>> = {
  lower: { parameters: ['string'], optional: 0, result: 'string' },
  upper: { parameters: ['string'], optional: 0, result: 'string' },
  length: { parameters: ['string'], optional: 0, result: 'int' },
  substr: { parameters: ['string', 'int', 'int'], optional: 1, result: 'string' },
  trim: { parameters: ['string', 'string'], optional: 1, result: 'string' },
  ltrim: { parameters: ['string', 'string'], optional: 1, result: 'string' },
  rtrim: { parameters: ['string', 'string'], optional: 1, result: 'string' },
};

/** Functions of operands of any one type, by their least and greatest number. */
const ALIKE: Readonly<Record<string, readonly [number, number]>> = {
  coalesce: [2, 100],
  ifnull: [2, 2],
  nullif: [2, 2],
};

/** A call as SQL. INVALID_ARGUMENT for a function that there is not, and for operands that it does not take. */
export function callFunction(name: string, operands: readonly Typed[], position: number): Typed {
  const signature = Object.hasOwn(SIGNATURES, name) ? SIGNATURES[name] : undefined;
  if (signature) return { ...callSignature(name, signature, operands, position), position };
  const bounds = Object.hasOwn(ALIKE, name) ? ALIKE[name] : undefined;
  if (!bounds) {
    const known = [...Object.keys(SIGNATURES), ...Object.keys(ALIKE)].join(', ');
    throw filterError(`the function '${name}' is not supported; there are ${known}`, position);
  }
  checkCount(name, operands, bounds, position);
  const { type, parts } = alike(operands);
  return { ...typed(type, parts, sqlCall(name, parts)), position };
}

function callSignature(name: string, signature: Signature, operands: readonly Typed[], position: number): Typed {
  const { parameters, optional, result } = signature;
  checkCount(name, operands, [parameters.length - optional, parameters.length], position);
  const parts = operands.map((operand, index) => expectType(operand, parameters[index] ?? 'string'));
  return typed(result, parts, sqlCall(name, parts));
}

function sqlCall(name: string, parts: readonly Typed[]): string {
  return `${name}(${parts.map(({ sql }) => sql).join(', ')})`;
}

function checkCount(
  name: string,
  operands: readonly unknown[],
  bounds: readonly [number, number],
  position: number,
): void {
  const [least, most] = bounds;
  if (operands.length >= least && operands.length <= most) return;
  const count = least === most ? `${least}` : `${least} to ${most}`;
  throw filterError(`${name}() takes ${count} operands, not ${operands.length}`, position);
}

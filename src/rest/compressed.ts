import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Texts below this length, in UTF-16 code units, are sent as they are: compression would cost more than it saves. */
const MIN_LENGTH = 2_048;

const ENCODINGS = {
  // As fast as gzip, and smaller.
  br: (text: string) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  gzip: (text: string) => promisify(gzip)(text),
} as const;

/** A text as it is sent, in an encoding that `accept-encoding` names. */
export async function compressed(
  text: string,
  accept: string | string[] | undefined,
): Promise<{ readonly encoding?: keyof typeof ENCODINGS; readonly bytes: string | Buffer }> {
  const encoding = text.length < MIN_LENGTH ? undefined : accepted(String(accept ?? ''));
  return encoding ? { encoding, bytes: await ENCODINGS[encoding](text) } : { bytes: text };
}

function accepted(accept: string): keyof typeof ENCODINGS | undefined {
  const names = accept
    .split(',')
    .filter((each) => !/;\s*q=0(\.0+)?\s*$/.test(each))
    .map((each) => each.replace(/;.*$/, '').trim().toLowerCase());
  return (['br', 'gzip'] as const).find((encoding) => names.includes(encoding));
}

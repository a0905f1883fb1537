import { stripVTControlCharacters } from 'node:util';

import { paint, type Tone } from './paint.ts';

/** A value as people read it, on one line and harmless to a terminal. */
export function cellText(value: unknown, as: string | undefined): string {
  if (as === 'mark') return value === true ? '≠' : '';
  if (value === null || value === undefined || value === '') return '-';
  if (as === 'time' && typeof value === 'string') return timeText(value);
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map((each) => cellText(each, undefined)).join(', ');
  return harmless(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** A text without what would move the cursor, break the line or turn the direction of writing. */
export function harmless(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\t\r\n]+/g, ' ')
    .replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

/** A cell's text in its colour, where there are colours. */
export function painted(text: string, as: string | undefined): string {
  if (as === 'mark') return paint('open', text);
  if (as === 'sign') return paint(SIGN_TONES[text] ?? 'open', text);
  if (text === '-') return paint('faint', text);
  if (as === 'state') return paint(TONES[text] ?? 'plain', text);
  return as === 'name' ? paint('strong', text) : text;
}

const SIGN_TONES: Readonly<Record<string, Tone>> = { '+': 'good', '-': 'bad' };

const TONES: Readonly<Record<string, Tone>> = {
  LIVE: 'good',
  DEPLOYED: 'good',
  RUNNING: 'good',
  FINISHED: 'good',
  COMPLETE: 'good',
  CACHED: 'good',
  ARCHIVED: 'faint',
  UNDEPLOYED: 'faint',
  NEW: 'open',
  PENDING: 'open',
  SCHEDULED: 'open',
  CANCELED: 'bad',
  FAILED: 'bad',
  KILLED: 'bad',
  ABANDONED: 'bad',
};

/** The time of day of this machine, to the minute. */
function timeText(value: string): string {
  const time = new Date(value);
  if (Number.isNaN(time.getTime())) return harmless(value);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

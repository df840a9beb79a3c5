// JSON as RFC 8785 writes it: the payloads of journal entries are hashed and signed in this form.
import { utf8, type Bytes } from './bytes';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function write(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError('JSON has no such number');
    return JSON.stringify(value); // ECMAScript's number form is the one the RFC asks for
  }
  if (typeof value === 'string') return JSON.stringify(wellFormed(value));
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  const keys = Object.keys(value).sort(); // by UTF-16 code units, as the RFC orders them
  return `{${keys.map((key) => `${JSON.stringify(key)}:${write(value[key] as Json)}`).join(',')}}`;
}

/** A half of a surrogate pair (a broken paste) has no UTF-8: it becomes U+FFFD before it is hashed. */
export function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uD800-\uDFFF]/g, (found) => (found.length === 2 ? found : '\uFFFD'));
}

export const jcsText = write;
export const jcs = (value: Json): Bytes => utf8(write(value));

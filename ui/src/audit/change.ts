// The change of an audit row as lines of before and after, in words. Pure.
export interface ChangeLine {
  name: string;
  before: string;
  after: string;
  /** Only stated, not changed: an act's particulars. */
  fact: boolean;
}

/** How members and values are called; what has no word stays as it is kept. */
export interface Words {
  name(key: string): string;
  value(key: string, value: unknown): string;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isEmpty = (value: unknown) => value === undefined || value === null || value === '';

function said(key: string, value: unknown, words: Words): string {
  if (isEmpty(value)) return '';
  if (Array.isArray(value)) return value.map((one) => said(key, one, words)).join('、');
  if (!isObject(value)) return words.value(key, value);
  return Object.entries(value)
    .filter(([, one]) => !isEmpty(one))
    .map(([name, one]) => `${words.name(name)} ${said(name, one, words)}`)
    .join('，');
}

function flat(value: unknown, words: Words, prefix = ''): Map<string, string> {
  const out = new Map<string, string>();
  if (!isObject(value)) {
    if (!isEmpty(value)) out.set(prefix || words.name('what'), said('what', value, words));
    return out;
  }
  for (const [key, inner] of Object.entries(value)) {
    const name = prefix ? `${prefix}·${words.name(key)}` : words.name(key);
    if (isObject(inner)) for (const [k, v] of flat(inner, words, name)) out.set(k, v);
    else out.set(name, said(key, inner, words));
  }
  return out;
}

export function changeLines(change: unknown, words: Words): ChangeLine[] {
  if (!isObject(change)) return [];
  const { before, after, ...rest } = change;
  const [was, is] = [flat(before, words), flat(after, words)];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  return [
    ...names.filter((n) => was.get(n) !== is.get(n)).map((name) => ({ name, before: was.get(name) ?? '', after: is.get(name) ?? '', fact: false })),
    ...[...flat(rest, words)].map(([name, value]) => ({ name, before: '', after: value, fact: true })),
  ];
}

/** One line for the list: ids and digests by their beginning. */
export const summary = (change: unknown, words: Words, nothing: string): string =>
  changeLines(change, words)
    .map((l) => (l.fact ? `${l.name} ${l.after || nothing}` : `${l.name} ${l.before || nothing} → ${l.after || nothing}`))
    .join('；')
    .replace(/\b([0-9a-f]{8})[0-9a-f]{24,}\b/g, '$1…')
    .slice(0, 160);

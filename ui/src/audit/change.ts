// The change of an audit row as lines of before and after. Pure.
export interface ChangeLine {
  name: string;
  before: string;
  after: string;
  /** Only stated, not changed: an act's particulars. */
  fact: boolean;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value));

function flat(value: unknown, prefix = ''): Map<string, string> {
  const out = new Map<string, string>();
  if (!isObject(value)) {
    if (value !== undefined && value !== null) out.set(prefix || 'value', text(value));
    return out;
  }
  for (const [key, inner] of Object.entries(value)) {
    const name = prefix ? `${prefix}.${key}` : key;
    if (isObject(inner)) for (const [k, v] of flat(inner, name)) out.set(k, v);
    else out.set(name, text(inner));
  }
  return out;
}

export function changeLines(change: unknown): ChangeLine[] {
  if (!isObject(change)) return [];
  const { before, after, ...rest } = change;
  const [was, is] = [flat(before), flat(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  return [
    ...names.filter((n) => was.get(n) !== is.get(n)).map((name) => ({ name, before: was.get(name) ?? '', after: is.get(name) ?? '', fact: false })),
    ...[...flat(rest)].map(([name, value]) => ({ name, before: '', after: value, fact: true })),
  ];
}

/** One line for the list. */
export const summary = (change: unknown): string =>
  changeLines(change)
    .map((l) => (l.fact ? `${l.name} ${l.after}` : `${l.name} ${l.before || '∅'} → ${l.after || '∅'}`))
    .join('；')
    .slice(0, 160);

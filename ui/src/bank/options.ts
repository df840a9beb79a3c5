// Options and the letters that point at them. Pure.
export const OPTIONS_MAX = 8;
export const letter = (i: number): string => String.fromCharCode(65 + i);
export const placeOf = (key: string): number => key.charCodeAt(0) - 65;

/** The letter after option `gone` was taken away; undefined when it pointed there. */
function shifted(key: string, gone: number): string | undefined {
  const at = placeOf(key);
  if (at === gone) return undefined;
  return at > gone ? letter(at - 1) : key;
}

/** Takes option `gone` away; the key keeps pointing at the same texts. */
export function withoutOption(options: readonly string[], key: unknown, gone: number): { options: string[]; key: unknown } {
  const left = options.filter((_, i) => i !== gone);
  if (Array.isArray(key)) return { options: left, key: key.map((k) => shifted(String(k), gone)).filter((k) => k !== undefined) };
  return { options: left, key: typeof key === 'string' ? (shifted(key, gone) ?? '') : key };
}

/** Adds or takes a letter; in order, as the bank wants it. */
export function toggled(key: unknown, which: string): string[] {
  const now = Array.isArray(key) ? key.map(String) : [];
  return (now.includes(which) ? now.filter((k) => k !== which) : [...now, which]).sort();
}

/** What an author pastes into one field: `A. …` on lines of their own become options. */
export function pasted(text: string): string[] | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  if (lines.length < 2 || lines.length > OPTIONS_MAX) return undefined;
  const marked = lines.map((line, i) => (new RegExp(`^${letter(i)}\\s*[.．、:：)）]\\s*`).test(line) ? line.replace(/^[A-H]\s*[.．、:：)）]\s*/, '') : undefined));
  return marked.every((line) => line !== undefined) ? (marked as string[]) : undefined;
}

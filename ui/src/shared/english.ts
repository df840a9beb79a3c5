// The server speaks Chinese. Where English is shown, its sentence is looked up; one that is not known stays as it
// was said, behind what its code means, and is marked as Chinese.
import { reasonInEnglish } from './reasons.en';
import labels from './labels.en';
import said from './said.en';
import words from './words.en';

export { reasonInEnglish };

const CODES: Record<string, string> = {
  invalid: 'This is not accepted.',
  unauthenticated: 'You are not signed in, or the proof was wrong.',
  totp_required: 'The one-time code is needed.',
  forbidden: 'You may not do this.',
  not_found: 'It is not there, or you may not see it.',
  conflict: 'Its state does not allow this, or somebody was faster.',
  too_large: 'That is too large.',
  media: 'Files of this kind are not taken.',
  rule: 'A rule forbids this.',
  too_many: 'Too many tries. Wait a little.',
  internal: 'The server has failed. Tell your administrator.',
  store: 'The server cannot write just now. Try again later.',
};
const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const patterns = said.map(([chinese, english]) => ({ like: new RegExp(`^${chinese.replaceAll('%%', '%').split('{}').map(escape).join('(.*?)')}$`, 's'), english: english.replaceAll('%%', '%') }));
const isChinese = (text: string) => /[\u4e00-\u9fff]/.test(text);
/** A name in quotation marks stands as it is in either language. */
const withoutNames = (text: string) => text.replace(/[“《][^”》]*[”》]/g, '');

/** `{}` is the next part of the sentence, `{2}` the second. */
function filled(english: string, parts: string[]): string {
  let next = 0;
  return english.replace(/\{(\d?)\}/g, (_, n: string) => parts[n ? Number(n) - 1 : next++] ?? '');
}

/** A part may be a sentence of its own: a finding inside a refusal. */
const part = (text: string): string => words[text] ?? labels[text] ?? (isChinese(text) ? (known(text) ?? text) : text);

function known(text: string): string | undefined {
  for (const { like, english } of patterns) {
    const hit = like.exec(text);
    // A part that stays Chinese would make half a sentence of each, unless it is quoted as a name.
    const sentence = hit && filled(english, hit.slice(1).map(part));
    if (sentence && !isChinese(withoutNames(sentence))) return sentence;
  }
  return undefined;
}

export function inEnglish(code: string, text: string): string {
  if (!isChinese(text)) return text;
  return known(text) ?? `${code ? `${CODES[code] ?? 'The server refused.'} ` : ''}In Chinese: ${text}`;
}

/** A label, a title, a summary of the server in English; one that is not known stays as it is. */
export const wordInEnglish = part;

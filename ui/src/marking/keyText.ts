// A key as a person types it: letters for options, 对/错, else the JSON of the item file.
import { language } from '../shared/prefs';

export type Key = unknown;

const YES = ['对', '正确', 'true', '√'];
const NO = ['错', '错误', 'false', '×'];

export function writeKey(key: Key): string {
  if (key === null || key === undefined) return '';
  if (typeof key === 'boolean') return language.value === 'en' ? String(key) : key ? '对' : '错';
  if (typeof key === 'string') return key;
  if (Array.isArray(key) && key.every((k) => typeof k === 'string')) return key.join(' ');
  return JSON.stringify(key);
}

/** In the shape of the key that is there now; undefined when it cannot be read. */
export function readKey(text: string, now: Key): Key {
  const typed = text.trim();
  if (!typed) return undefined;
  if (typeof now === 'boolean') return YES.includes(typed.toLowerCase()) ? true : NO.includes(typed.toLowerCase()) ? false : undefined;
  if (typeof now === 'string') return /^[a-z]$/i.test(typed) && /^[A-Z]$/.test(now) ? typed.toUpperCase() : typed;
  if (Array.isArray(now) && now.every((k) => typeof k === 'string')) {
    const parts = /^[a-z]+$/i.test(typed) ? [...typed] : typed.split(/[\s,，、]+/).filter(Boolean);
    return parts.map((p) => (/^[a-z]$/i.test(p) ? p.toUpperCase() : p));
  }
  try {
    return JSON.parse(typed) as Key;
  } catch {
    return undefined;
  }
}

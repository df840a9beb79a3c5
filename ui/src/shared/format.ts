// How dates, times, marks, money and masked values are written. Times are UTC milliseconds and
// shown for Asia/Shanghai, which has kept UTC+8 since 1991, so no time zone table is needed.

export type Lang = 'zh-CN' | 'en';

const OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;
const WEEKDAYS = { 'zh-CN': ['周日', '周一', '周二', '周三', '周四', '周五', '周六'], en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] };
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MINUS = '\u2212';

const two = (n: number) => String(n).padStart(2, '0');
const shanghai = (ms: number) => new Date(ms + OFFSET_MS);

/** 2026-11-21 – desk, tables, documents. */
export function day(ms: number): string {
  const d = shanghai(ms);
  return `${String(d.getUTCFullYear()).padStart(4, '0')}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())}`;
}

/** 11-21 – where the year is clear from the page. */
export const monthDay = (ms: number): string => day(ms).slice(5);

/** 10:42 */
export function time(ms: number): string {
  const d = shanghai(ms);
  return `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

/** 10:42:07 – saving states, logs. */
export const seconds = (ms: number): string => `${time(ms)}:${two(shanghai(ms).getUTCSeconds())}`;

/** 2026-11-21 10:42 */
export const dayTime = (ms: number): string => `${day(ms)} ${time(ms)}`;

/** 周六 */
export const weekday = (ms: number, lang: Lang = 'zh-CN'): string => WEEKDAYS[lang][shanghai(ms).getUTCDay()] ?? '';

/** 11月24日 – for candidates. */
export function plainDay(ms: number, lang: Lang = 'zh-CN'): string {
  const d = shanghai(ms);
  if (lang === 'en') return `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()] ?? ''}`;
  return `${d.getUTCMonth() + 1}月${d.getUTCDate()}日`;
}

/** 11月24日 17:00 */
export const plainDayTime = (ms: number, lang: Lang = 'zh-CN'): string => `${plainDay(ms, lang)} ${time(ms)}`;

/** 11月28日 周六 10:00–12:00; both days are named when they differ. */
export function plainSpan(from: number, to: number, lang: Lang = 'zh-CN'): string {
  const start = `${plainDay(from, lang)} ${weekday(from, lang)} ${time(from)}`;
  return day(from) === day(to) ? `${start}–${time(to)}` : `${start} – ${plainDay(to, lang)} ${time(to)}`;
}

/** Calendar days from `now` until `ms` in Shanghai: 0 today, 1 tomorrow, negative when over. */
export function daysUntil(ms: number, now: number): number {
  return Math.floor((ms + OFFSET_MS) / DAY_MS) - Math.floor((now + OFFSET_MS) / DAY_MS);
}

/** The reverse of `day`: start of that day in Shanghai, undefined when it is no date. */
export function readDay(text: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim());
  if (!match) return undefined;
  const ms = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])) - OFFSET_MS;
  return day(ms) === text.trim() ? ms : undefined;
}

/** 1,842 · −42 */
export function count(n: number): string {
  const digits = String(Math.abs(Math.trunc(n))).replace(/\B(?=(\d{3})+$)/g, ',');
  return n < 0 && digits !== '0' ? MINUS + digits : digits;
}

function scaled(n: number, digits: number, keepZeros: boolean): string {
  const scale = 10 ** digits;
  const whole = Math.trunc(Math.abs(n) / scale);
  let part = String(Math.abs(n) % scale).padStart(digits, '0');
  if (!keepZeros) part = part.replace(/0+$/, '');
  return (n < 0 ? MINUS : '') + count(whole) + (part ? `.${part}` : '');
}

/** Integer thousandths of a mark: 78 · 78.5 · −0.25 */
export const marks = (millimarks: number): string => scaled(millimarks, 3, false);

/** The reverse of `marks` for what a person types; undefined when it is no mark. */
export function readMarks(text: string): number | undefined {
  const match = /^([-\u2212]?)(\d{1,6})(?:\.(\d{1,3}))?$/.exec(text.trim());
  if (!match) return undefined;
  const value = Number(match[2]) * 1000 + Number((match[3] ?? '').padEnd(3, '0'));
  return match[1] && value ? -value : value;
}

/** Integer fen: 1,280.00 */
export const yuan = (fen: number): string => scaled(fen, 2, true);

/** 1 KiB · 340 KiB · 2.5 MiB */
export const bytes = (n: number): string => {
  const sizes = ['KiB', 'MiB', 'GiB'];
  let size = n / 1024;
  let at = 0;
  for (; size >= 1024 && at < 2; at++) size /= 1024;
  return at === 0 ? `${count(n > 0 ? Math.max(1, Math.round(size)) : 0)} KiB` : `${size.toFixed(1)} ${sizes[at]}`;
};

/** 0.35 · −3.53 · — where it is not known */
export const decimal = (n: number | null | undefined, digits = 2): string => (typeof n === 'number' ? n.toFixed(digits).replace(/^-(?=[0.]*$)/, '').replace('-', MINUS) : '—');

/** 0.14 % – a share as people read it. */
export const percent = (share: number, digits = 0): string => `${(share * 100).toFixed(digits).replace('-', MINUS)} %`;

/** 1 小时 22 分 · 45 分 · 30 秒 */
export function duration(ms: number, lang: Lang = 'zh-CN'): string {
  const [h, m, s] = lang === 'en' ? ['h', 'min', 's'] : ['小时', '分', '秒'];
  const total = Math.max(0, Math.floor(ms / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  if (hours) return `${hours} ${h}${minutes ? ` ${minutes} ${m}` : ''}`;
  return minutes ? `${minutes} ${m}` : `${total} ${s}`;
}

/** 440106********3821. What is too short to hide its middle is hidden wholly. */
export function maskId(text: string): string {
  if (text.length <= 10) return '*'.repeat(text.length);
  return text.slice(0, 6) + '*'.repeat(text.length - 10) + text.slice(-4);
}

/** 138****5678 */
export function maskPhone(text: string): string {
  if (text.length < 11) return '*'.repeat(text.length);
  return text.slice(0, text.length - 8) + '****' + text.slice(-4);
}

/** 苏** – family name and as many stars as the name has letters left. */
export function maskName(text: string): string {
  const letters = [...text];
  return letters.length < 2 ? '*' : letters[0] + '*'.repeat(letters.length - 1);
}

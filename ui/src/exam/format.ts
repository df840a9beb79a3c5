// How the exam pages write times and answers.
import { parts } from './clock';
import type { Json } from './jcs';
import type { Item } from './paper';
import { spoken } from './pictures';
import { t } from './text';

/** 1 小时 22 分 · 4 分 37 秒 */
export function left(ms: number): string {
  const p = parts(ms);
  const out: string[] = [];
  if (p.hours) out.push(`${p.hours} ${t('exam.clock.h')}`);
  if (p.minutes || !out.length) out.push(`${p.minutes} ${t('exam.clock.m')}`);
  if (p.seconds !== null) out.push(`${p.seconds} ${t('exam.clock.s')}`);
  return out.join(' ');
}

/** 3 分 12 秒 – how long something has lasted. */
export function lasted(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(total / 60);
  return `${minutes ? `${minutes} ${t('exam.clock.m')} ` : ''}${total % 60} ${t('exam.clock.s')}`;
}

/** An answer as the candidate sees it: letters of positions, not the keys of the bank. */
export function shownAnswer(item: Item | undefined, response: Json | undefined): string {
  if (response === undefined || response === null) return t('exam.differ.none');
  if (typeof response === 'boolean') return t(response ? 'exam.question.yes' : 'exam.question.no');
  if (item?.kind === 'hotspot' && Array.isArray(response)) return t('exam.question.spotAnswer', { x: String(response[0]), y: String(response[1]) });
  if (item?.kind === 'upload' && typeof response === 'object') return String((response as Record<string, Json>)['name'] ?? '');
  if (Array.isArray(response) && item) {
    const at = response.map((key) => item.options.findIndex((o) => o.key === key)).filter((i) => i >= 0);
    return at.sort((a, b) => a - b).map((i) => `${String.fromCharCode(65 + i)} ${spoken(item.options[i]?.text ?? '', item.pictures)}`).join(' · ');
  }
  return typeof response === 'string' ? response : JSON.stringify(response);
}

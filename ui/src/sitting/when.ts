// A day and a time of day as people type them, in Shanghai, to an instant.
import type { Ms } from '../shared/api';
import { readDay } from '../shared/format';

/** Minutes since midnight of 09:30; undefined when it is no time. */
export function readTime(text: string): number | undefined {
  const match = /^(\d{1,2})[:：](\d{2})$/.exec(text.trim());
  if (!match) return undefined;
  const [hours, minutes] = [Number(match[1]), Number(match[2])];
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : undefined;
}

export function readWhen(day: string, time: string): Ms | undefined {
  const from = readDay(day);
  const minutes = readTime(time);
  return from === undefined || minutes === undefined ? undefined : from + minutes * 60_000;
}

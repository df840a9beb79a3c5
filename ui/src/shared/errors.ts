// The sentence of an error: the server's own, else ours by code, else by status.
import type { ApiError } from './api';

type Say = (key: string, values?: Record<string, unknown>) => string;

export function sentence(error: ApiError, t: Say, has: (key: string) => boolean): string {
  if (error.text) return error.text;
  for (const key of [error.code, `http_${error.status}`]) {
    if (has(`shared.error.${key}`)) return t(`shared.error.${key}`);
  }
  return t('shared.error.other', { status: error.status });
}

// Where a queue of reviews goes on, and who of a version's reviewers is its proof-reader. Pure.
import type { Review } from './types';

interface HasId {
  id: string;
}
export function nextOf<R extends HasId>(rows: readonly R[], id: string): R | undefined {
  const at = rows.findIndex((row) => row.id === id);
  return at < 0 ? rows[0] : rows[at + 1];
}
export function previousOf<R extends HasId>(rows: readonly R[], id: string): R | undefined {
  const at = rows.findIndex((row) => row.id === id);
  return at > 0 ? rows[at - 1] : at === 0 ? rows[0] : undefined;
}

/** After two approvals a version is proof-read: whoever speaks then is its proof-reader. OF: the reviews of its version. */
export function proofReads(of: readonly Review[], review: Review): boolean {
  return of.filter((r) => r.verdict === 'approve' && r.at_ms < review.at_ms).length >= 2;
}

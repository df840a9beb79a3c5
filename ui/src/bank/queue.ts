// Where a queue goes on. Pure.
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

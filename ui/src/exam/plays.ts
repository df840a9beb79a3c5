// How often what may not be played at will was begun: known on this PC, and at the server from every machine.
import type { ServedPlays } from './wire';

export type Plays = Readonly<Record<string, number>>;

export const playKey = (item: number, media: string): string => `${item}/${media}`;

/** Of each the larger number: either may know of a play that the other does not. */
export function playsOf(here: Plays | undefined, served: ServedPlays[] | undefined): Plays {
  const all: Record<string, number> = { ...here };
  for (const { item, media, begun } of served ?? []) {
    const key = playKey(item, media);
    all[key] = Math.max(all[key] ?? 0, begun);
  }
  return all;
}

// Sounds and films of an item on the desk: fetched whole and played from memory.
import type { Shown } from '../exam/pictures';
import { apiFile, url } from '../shared/api';
import type { FileAt } from './pictures';
import type { ItemMedia } from './types';

export const MEDIA_MAX = 4;

const urls = new Map<string, Promise<string>>();

function load(path: string): Promise<string> {
  const known = urls.get(path);
  if (known) return known;
  const opening = apiFile('GET', path).then(({ blob }) => URL.createObjectURL(blob));
  urls.set(path, opening);
  opening.catch(() => urls.delete(path));
  return opening;
}

/** PLACE: where on the page, for each has a player of its own. The desk may play at will; the limit is said. */
export const playedFromBank = (media: ItemMedia[] | undefined, place: string, t: (key: string, values: Record<string, unknown>) => string, at: FileAt = (sha256) => url`/api/items/media/${sha256}`): Shown[] =>
  (media ?? []).map((m) => ({
    id: m.id,
    alt: m.alt,
    width: m.width,
    height: m.height,
    url: '',
    media: {
      film: m.type.startsWith('video/'),
      durationMs: m.duration_ms,
      plays: m.plays ?? 0,
      transcript: m.transcript ?? '',
      key: `${place}/${m.sha256}`,
      load: () => load(at(m.sha256)),
      used: () => 0,
      begin: () => Promise.resolve(true),
      say: (word, values) => t(`bank.media.${word}`, values ?? {}),
    },
  }));

/** a1, a2, …: the first that neither a sound nor a picture has. */
export function freeMediaId(taken: { id: string }[]): string {
  for (let n = 1; ; n++) if (!taken.some((one) => one.id === `a${n}`)) return `a${n}`;
}

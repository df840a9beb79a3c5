// Pictures out of the opened paper: shown from memory, never from an address.
import type { Media, Picture } from './paper';
import { playKey } from './plays';
import { t } from './text';
import { exam } from './useExam';
import { view } from './view';

/** A sound or film and who fetches it and counts its plays: the exam, or the desk. */
export interface Playing extends Media {
  /** One element for it, wherever it is shown. */
  key: string;
  load(): Promise<string>;
  /** Plays so far. */
  used(): number;
  /** False: it may not be begun now. */
  begin(): Promise<boolean>;
  say(word: string, values?: Record<string, number>): string;
}

/** A picture as an element shows it. */
export interface Shown {
  id: string;
  alt: string;
  width: number;
  height: number;
  url: string;
  media?: Playing | undefined;
}

const urls = new Map<string, string>();

function urlOf(sha256: string): string {
  const known = urls.get(sha256);
  const picture = view.paper?.pictures.get(sha256);
  if (known || !picture) return known ?? '';
  const bytes = Uint8Array.from(atob(picture.data), (c) => c.charCodeAt(0));
  const url = URL.createObjectURL(new Blob([bytes], { type: picture.type }));
  urls.set(sha256, url);
  return url;
}

const playing = (p: Picture, media: Media, item: number): Playing => ({
  ...media,
  key: `${item}/${p.sha256}`,
  load: () => exam.sitting?.mediaUrl(p.sha256) ?? Promise.reject(new Error('no sitting')),
  used: () => view.plays[playKey(item, p.id)] ?? 0,
  begin: () => exam.sitting?.played(item, p.id) ?? Promise.resolve(false),
  say: (word, values) => t(`exam.media.${word}`, values),
});

/** ITEM: the question they stand in; of a case's material its first. */
export const shownPictures = (pictures: Picture[], item: number): Shown[] =>
  pictures.map((p) => ({ id: p.id, alt: p.alt, width: p.width, height: p.height, url: p.media ? '' : urlOf(p.sha256), media: p.media && playing(p, p.media, item) }));

/** The text where no picture can stand, in a list or a button's name. */
export const spoken = (source: string, pictures: Picture[]): string => pictures.reduce((text, p) => text.replaceAll(`![${p.id}]`, `〔${p.alt}〕`), source);

// Pictures out of the opened paper: shown from memory, never from an address.
import type { Picture } from './paper';
import { view } from './view';

/** A picture as an element shows it. */
export interface Shown {
  id: string;
  alt: string;
  width: number;
  height: number;
  url: string;
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

export const shownPictures = (pictures: Picture[]): Shown[] => pictures.map((p) => ({ id: p.id, alt: p.alt, width: p.width, height: p.height, url: urlOf(p.sha256) }));

/** The text where no picture can stand, in a list or a button's name. */
export const spoken = (source: string, pictures: Picture[]): string => pictures.reduce((text, p) => text.replaceAll(`![${p.id}]`, `〔${p.alt}〕`), source);

// The elements that play: one for each sound or film of a question, for as long as the page lives.
import type { Shown } from './pictures';

export interface Player {
  element: HTMLMediaElement;
  /** A play was begun and has not come to its end. */
  begun: boolean;
}

const players = new Map<string, Player>();

export function playerOf(shown: Shown): Player {
  const key = shown.media?.key ?? '';
  const known = players.get(key);
  if (known) return known;
  const element = document.createElement(shown.media?.film ? 'video' : 'audio');
  element.preload = 'auto';
  element.disableRemotePlayback = true;
  if (element instanceof HTMLVideoElement) {
    element.width = shown.width;
    element.height = shown.height;
    element.playsInline = true;
    element.disablePictureInPicture = true;
  }
  element.addEventListener('contextmenu', (e) => e.preventDefault());
  const player = { element, begun: false };
  players.set(key, player);
  return player;
}

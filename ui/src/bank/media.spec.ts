import { describe, expect, it } from 'vitest';

import { freeMediaId, playedFromBank } from './media';
import type { ItemMedia } from './types';

const sound: ItemMedia = { id: 'a1', sha256: 'ab', type: 'audio/mpeg', duration_ms: 1500, width: 0, height: 0, plays: 2, alt: '一声' };

describe('sounds on the desk', () => {
  it('names the next one apart from sounds and pictures', () => {
    expect(freeMediaId([])).toBe('a1');
    expect(freeMediaId([{ id: 'a1' }, { id: 'p1' }, { id: 'a3' }])).toBe('a2');
  });
  it('plays each place by itself, at will, and says the limit', async () => {
    const [one] = playedFromBank([sound], 'view', (key, values) => `${key} ${JSON.stringify(values)}`);
    expect(one?.media?.key).toBe('view/ab');
    expect(one?.media?.film).toBe(false);
    expect(await one?.media?.begin()).toBe(true);
    expect(one?.media?.used()).toBe(0);
    expect(one?.media?.say('left', { limit: 2 })).toBe('bank.media.left {"limit":2}');
  });
  it('tells a film', () => expect(playedFromBank([{ ...sound, type: 'video/mp4' }], 'x', String)[0]?.media?.film).toBe(true));
});

// (f) Chromium is killed at random moments while a candidate answers. When the browser of the same
// profile comes back, with or without a server, every answer is shown that the candidate had seen
// as "on this computer"; in the end the server has what the screen shows.
import { same, until } from '../check.mjs';
import { answeredItems, atItem, chosen, delivered, keptHere, Pc, signIn, Stage } from './stage.mjs';

const KILLS = { short: 3, long: 60 };
const ITEMS = 60; // single choice
const ZONE_MS = 8 * 3_600_000;

/** The second of the day that "on this computer" shows, -1 for none. */
async function keptSecond(page) {
  const text = await page.locator('dl.save dd').first().textContent();
  const m = /(\d+):(\d+):(\d+)/.exec(text ?? '');
  return m ? Number(m[1]) * 3600 + Number(m[2]) * 60 + Number(m[3]) : -1;
}
const secondOf = (ms) => Math.floor((ms + ZONE_MS) / 1000) % 86_400;

/** Answers at random until time is over; what the candidate sees is noted as it is seen. */
async function answerUntil(pc, figures, notes, endMs) {
  const { page } = pc;
  while (Date.now() < endMs) {
    const item = 1 + figures.draw(ITEMS);
    await page.locator(`nav.grid button[aria-label^="第 ${item} 题"]`).click();
    await atItem(page, item);
    const before = await chosen(page);
    const place = (figures.draw(3) + 1 + (before[0] ?? -1)) % 4;
    await page.keyboard.press(String(place + 1));
    const at = Date.now();
    await until(async () => (await chosen(page))[0] === place, 'the choice is shown');
    notes.pending.set(item, { place, at });
    notes.given++;
    const kept = await keptSecond(page);
    /* Entries are kept in order: a later second than that of the answer speaks for it, too. */
    for (const [n, note] of notes.pending)
      if (kept > secondOf(note.at)) {
        notes.seen.set(n, note.place);
        notes.pending.delete(n);
      }
    await page.waitForTimeout(figures.draw(160));
  }
}

/** What the screen shows now: place by item. */
async function readScreen(page, items) {
  const shown = new Map();
  for (const n of items) {
    await page.locator(`nav.grid button[aria-label^="第 ${n} 题"]`).click();
    await atItem(page, n);
    shown.set(n, (await chosen(page))[0]);
  }
  return shown;
}

async function resume(pc, stage) {
  await pc.start();
  await pc.page.goto(`${stage.url}/sit`);
  await pc.page.locator('nav.grid').waitFor();
}

/** An answer given again after it was seen may show either value; what was never kept may be gone. */
async function compare(pc, figures, notes) {
  const items = await answeredItems(pc.page);
  const shown = await readScreen(pc.page, [...notes.seen.keys()]);
  let missing = 0;
  for (const [n, place] of notes.seen) {
    const now = shown.get(n);
    const newer = notes.pending.get(n)?.place;
    if (now !== place && now !== newer) missing++;
    if (now !== undefined) notes.seen.set(n, now);
  }
  figures.add('seen_as_kept', notes.seen.size);
  figures.fault('seen_and_gone', missing);
  figures.fault('not_in_grid', [...notes.seen.keys()].filter((n) => !items.includes(n)).length);
  notes.pending.clear();
}

async function onServer(pc, stage, figures) {
  await delivered(pc.page);
  const items = await answeredItems(pc.page);
  const here = await keptHere(pc.page);
  const stored = await stage.ask('answers 0');
  figures.add('answers_on_server', stored.answered);
  figures.fault('screen_differs', JSON.stringify(items) === JSON.stringify(Object.keys(here).map(Number)) ? 0 : 1);
  figures.fault('server_differs', JSON.stringify(stored.items) === JSON.stringify(here) ? 0 : 1);
  figures.fault('aside', stored.aside);
}

export async function killBrowserPart(figures) {
  const stage = new Stage();
  await stage.start(1);
  const pc = new Pc();
  const notes = { seen: new Map(), pending: new Map(), given: 0 };
  try {
    await pc.start();
    await signIn(pc.page, stage, 0);
    same((await stage.ask('admit')).ok, true, 'admission');
    await atItem(pc.page, 1);
    const kills = figures.long ? KILLS.long : KILLS.short;
    for (let i = 0; i < kills && !figures.over(); i++) {
      const away = figures.draw(3) === 0;
      await answerUntil(pc, figures, notes, Date.now() + 700 + figures.draw(1800));
      if (away) {
        await stage.ask('kill');
        await answerUntil(pc, figures, notes, Date.now() + 400 + figures.draw(800));
        figures.add('server_away', 1);
      }
      await pc.kill();
      figures.add('kills');
      await resume(pc, stage);
      await compare(pc, figures, notes);
      if (away) same((await stage.ask('start')).ok, true, 'the server is back');
    }
    await onServer(pc, stage, figures);
    figures.add('answers_given', notes.given);
  } finally {
    await pc.end().catch(() => {});
    await stage.end();
  }
}

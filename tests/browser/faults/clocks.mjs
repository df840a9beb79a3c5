// (g) Clocks that lie: exam PCs twelve hours ahead and behind, one in a zone of half hours, one
// whose clock is set in mid-exam, one that sleeps. The time left is the ledger's, a jump is flagged,
// and the hand-in comes at the deadline of the ledger.
import { same, until } from '../check.mjs';
import { atItem, delivered, Pc, signIn, Stage } from './stage.mjs';

const HOUR_MS = 3_600_000;
/** The room is in a zone of half hours as well, and in another one than three of the PCs. */
const ROOM_ZONE_MINUTES = 330;
const ROOM_ZONE_MS = ROOM_ZONE_MINUTES * 60_000;
const NEAR_MS = 75_000; // the clock shows whole minutes

/** The page's wall clock, moved by `heng_shift` ms; what its scripts measure time with stays. */
const movedClock = (shift) => `(() => {
  const Real = Date;
  let shift = ${shift};
  globalThis.hengMoveClock = (ms) => { shift += ms; };
  globalThis.Date = class extends Real {
    constructor(...args) { if (args.length) super(...args); else super(Real.now() + shift); }
    static now() { return Real.now() + shift; }
  };
})()`;

const PCS = [
  { what: 'right', shift: 0 },
  { what: 'ahead', shift: 12 * HOUR_MS },
  { what: 'behind', shift: -12 * HOUR_MS },
  { what: 'half_hour_zone', shift: 0, env: { TZ: 'Asia/Kolkata' } },
];

async function leftMs(page) {
  const text = await page.locator('.clock').innerText();
  const m = /(?:(\d+)\s*小时\s*)?(\d+)\s*分(?:\s*(\d+)\s*秒)?/.exec(text);
  return m ? ((Number(m[1] ?? 0) * 60 + Number(m[2])) * 60 + Number(m[3] ?? 0)) * 1000 : NaN;
}

/** Shown right: what is left, and the end in the room's zone. */
async function shownRight(page, deadlineMs, nowMs) {
  const text = await page.locator('.clock').innerText();
  const end = new Date(deadlineMs + ROOM_ZONE_MS).toISOString().slice(11, 16);
  const off = Math.abs((await leftMs(page)) - Math.max(deadlineMs - nowMs, 0));
  return off <= NEAR_MS && text.includes(end);
}

async function seatAll(stage, figures, pcs) {
  for (const [i, { pc, shift }] of pcs.entries()) {
    await pc.start();
    await pc.context.addInitScript(movedClock(shift));
    await signIn(pc.page, stage, i);
    figures.add('pcs');
  }
  same((await stage.ask('admit')).ok, true, 'admission');
  for (const { pc } of pcs) await atItem(pc.page, 1);
}

async function answer(pc, item) {
  await pc.page.locator(`nav.grid button[aria-label^="第 ${item} 题"]`).click();
  await atItem(pc.page, item);
  await pc.page.keyboard.press('2');
  await pc.page.locator(`nav.grid button[aria-label^="第 ${item} 题 已作答"]`).waitFor();
}

async function checkAll(stage, figures, pcs, deadlineMs, name) {
  const { now_ms: now } = await stage.ask('utc 0');
  const asked = Date.now();
  for (const { pc, what } of pcs) {
    const right = await until(() => shownRight(pc.page, deadlineMs, now + Date.now() - asked), what, 25_000).catch(() => false);
    if (!right) console.error(`${name}, ${what}: ${await pc.page.locator('.clock').innerText()}, deadline ${new Date(deadlineMs).toISOString()}, now ${new Date(now).toISOString()}`);
    figures.add('clocks_looked_at');
    figures.fault(name, right ? 0 : 1);
  }
}

export async function clockPart(figures) {
  const stage = new Stage();
  await stage.start(PCS.length, ROOM_ZONE_MINUTES);
  const pcs = PCS.map((one) => ({ ...one, pc: new Pc(one.env) }));
  try {
    await seatAll(stage, figures, pcs);
    const { clock } = await stage.ask('tile 0');
    const deadlineMs = clock.deadline_ms;
    for (const { pc } of pcs) await answer(pc, 1);
    await checkAll(stage, figures, pcs, deadlineMs, 'wrong_at_start');

    // Set by hand in mid-exam: shown as before, and flagged.
    await pcs[0].pc.page.evaluate((ms) => globalThis.hengMoveClock(ms), 12 * HOUR_MS);
    const flagged = await until(async () => (await stage.ask('tile 0')).tile.clock_jumps > 0, 'the jump is flagged', 40_000).catch(() => false);
    figures.fault('jump_not_flagged', flagged ? 0 : 1);

    // Asleep for two hours: stopped, while time goes on at the server.
    for (const { pc } of pcs) pc.signal('SIGSTOP');
    await stage.ask(`run ${2 * HOUR_MS}`);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    for (const { pc } of pcs) pc.signal('SIGCONT');
    for (const { pc } of pcs) await answer(pc, 2);
    await checkAll(stage, figures, pcs, deadlineMs, 'wrong_after_sleep');

    // The deadline is the ledger's for all of them alike.
    const { now_ms: now } = await stage.ask('utc 0');
    await stage.ask(`run ${deadlineMs - now - 4000}`);
    for (const { pc } of pcs) await answer(pc, 3);
    for (const [i, { pc }] of pcs.entries()) {
      await pc.page.getByText('服务器已收妥').waitFor({ timeout: 60_000 });
      const stored = await stage.ask(`answers ${i}`);
      figures.add('sealed');
      figures.fault('not_by_deadline', stored.state === 'sealed' && stored.reason === 'deadline' ? 0 : 1);
      figures.fault('answers_lost', 3 - stored.answered);
      figures.fault('called_late', stored.late);
    }
  } finally {
    for (const { pc } of pcs) {
      pc.signal('SIGCONT');
      await pc.end().catch(() => {});
    }
    await stage.end();
  }
}

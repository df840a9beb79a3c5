// (e) Two tabs and two devices in real browsers, as the model checker walks them in C: a random walk
// of answers, changes of tab, reloads and deaths of the server, then another device by the
// invigilator's code. No answer given is lost or overwritten, and nothing lands beside the main line.
import { same, until } from '../check.mjs';
import { answeredItems, atItem, chosen, delivered, keptHere, Pc, signIn, Stage } from './stage.mjs';

const STEPS = { short: 8, long: 120 };
const ITEMS = 60;
const HERE = '改在这个窗口作答';

async function answer(page, figures, given) {
  const item = 1 + figures.draw(ITEMS);
  await page.locator(`nav.grid button[aria-label^="第 ${item} 题"]`).click();
  await atItem(page, item);
  const before = (await chosen(page))[0] ?? -1;
  const place = (figures.draw(3) + 1 + before) % 4;
  const kept = (await keptHere(page))[item];
  await page.keyboard.press(String(place + 1));
  await until(async () => (await chosen(page))[0] === place, 'the choice is shown');
  await until(async () => (await keptHere(page))[item] !== kept, 'it is on this computer: until then a reload may lose it, as the page says');
  given.set(item, place);
}

class Walk {
  constructor(stage, pc, figures) {
    Object.assign(this, { stage, pc, figures, given: new Map(), away: false });
  }

  get page() {
    return this.pc.page; // the tab that writes
  }

  async answer() {
    for (let i = 0; i <= this.figures.draw(3); i++) await answer(this.page, this.figures, this.given);
  }

  /** The other tab asks, is told, and takes over. */
  async change() {
    const old = this.page;
    this.other ??= await this.pc.context.newPage();
    if (!this.other.url().includes('/sit')) await this.other.goto(`${this.stage.url}/sit`);
    await this.other.getByRole('button', { name: HERE }).click();
    await this.other.locator('nav.grid').waitFor();
    await old.getByRole('button', { name: HERE }).waitFor();
    [this.pc.page, this.other] = [this.other, old];
  }

  async reload() {
    await this.page.reload();
    await this.page.locator('nav.grid').waitFor();
  }

  async server() {
    same((await this.stage.ask(this.away ? 'start' : 'kill')).ok, true, 'the server');
    this.away = !this.away;
  }

  async step() {
    const name = ['answer', 'change', 'answer', 'reload', 'answer', 'server'][this.figures.draw(6)];
    await this[name]();
    this.figures.add(`step_${name}`);
  }
}

/** What is shown, kept here and folded by the server is what was given last. */
async function agree(page, stage, figures, given) {
  await delivered(page);
  const here = await keptHere(page);
  const stored = await stage.ask('answers 0');
  const items = await answeredItems(page);
  let overwritten = 0;
  for (const [n, place] of given) {
    await page.locator(`nav.grid button[aria-label^="第 ${n} 题"]`).click();
    await atItem(page, n);
    if ((await chosen(page))[0] !== place) overwritten++;
  }
  figures.add('answers_given', given.size);
  figures.fault('lost_or_overwritten', overwritten);
  figures.fault('screen_differs', JSON.stringify(items) === JSON.stringify(Object.keys(here).map(Number)) ? 0 : 1);
  figures.fault('server_differs', JSON.stringify(stored.items) === JSON.stringify(here) ? 0 : 1);
  figures.fault('aside', stored.aside);
}

async function anotherDevice(walk, second, stage, figures) {
  await second.start();
  await signIn(second.page, stage, 0, '另一台考试机正在使用这份答卷');
  const { code } = await stage.ask('takeover 0');
  await second.page.getByLabel('6 位换机码').fill(code);
  await second.page.getByRole('button', { name: '换到这台机器' }).click();
  await second.page.locator('nav.grid').waitFor();
  figures.add('devices', 2);
  await until(async () => !(await walk.page.locator('nav.grid').count()), 'the first device has stopped');
  for (let i = 0; i < 3; i++) await answer(second.page, figures, walk.given);
  await agree(second.page, stage, figures, walk.given);
}

export async function tabsPart(figures) {
  const stage = new Stage();
  await stage.start(1);
  const [first, second] = [new Pc(), new Pc()];
  try {
    await first.start();
    await signIn(first.page, stage, 0);
    same((await stage.ask('admit')).ok, true, 'admission');
    await atItem(first.page, 1);
    const walk = new Walk(stage, first, figures);
    await walk.answer();
    await walk.change();
    for (let i = 0; i < (figures.long ? STEPS.long : STEPS.short) && !figures.over(); i++) await walk.step();
    if (walk.away) await walk.server();
    await agree(walk.page, stage, figures, walk.given);
    await anotherDevice(walk, second, stage, figures);
  } finally {
    await first.end().catch(() => {});
    if (second.child) await second.end().catch(() => {});
    await stage.end();
  }
}

// A file is handed in while the server dies between its pieces, and another in its place while the
// browser is killed as well. What the page said the server has is there; the file chosen last counts.
import { createHash, randomBytes } from 'node:crypto';

import { same, truth, until } from '../check.mjs';
import { atItem, delivered, keptHere, Pc, signIn, Stage } from './stage.mjs';

const LAST = 100; // the question that takes a file
const KILLS = { short: 1, long: 20 };
const FEW = 1500 * 1024;
const MORE = 2048 * 1024;

/** A document as a printer writes it, with so many bytes that no other has. */
function document(bytes) {
  return Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(bytes), Buffer.from('\n%%EOF\n')]);
}
const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

async function choose(page, name, buffer) {
  await page.getByLabel(`第 ${LAST} 题的文件`).setInputFiles({ name, mimeType: 'application/pdf', buffer });
}

async function openLast(page) {
  await page.locator(`nav.grid button[aria-label^="第 ${LAST} 题"]`).click();
  await atItem(page, LAST);
}

async function look(page, name) {
  if (!process.env.SHOTS) return;
  for (const width of [1366, 375]) {
    await page.setViewportSize({ width, height: 800 });
    await page.screenshot({ path: `${process.env.SHOTS}/${name}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1366, height: 900 });
}

/** Chosen while the server is away; the PC is killed as well; both come back. */
async function round(stage, pc, figures, i) {
  const first = document(FEW + figures.draw(MORE));
  const second = document(FEW + figures.draw(MORE));
  await openLast(pc.page);
  await choose(pc.page, `初稿${i}.pdf`, first);
  if (figures.draw(2)) await pc.page.waitForTimeout(figures.draw(60)); // some of its pieces, or none
  await stage.ask('kill');
  await choose(pc.page, `定稿${i}.pdf`, second);
  await pc.page.getByText(`正在上传 定稿${i}.pdf`).waitFor();
  await look(pc.page, 'going');
  await pc.kill();
  figures.add('kills');
  await pc.start();
  await pc.page.goto(`${stage.url}/sit`);
  await pc.page.locator('nav.grid').waitFor();
  await openLast(pc.page);
  await pc.page.getByText(`正在上传 定稿${i}.pdf`).waitFor();
  same((await stage.ask('start')).ok, true, 'the server is back');
  await pc.page.getByText(`已交到服务器：定稿${i}.pdf`).waitFor({ timeout: 60_000 });
  await look(pc.page, 'have');
  await delivered(pc.page);
  figures.add('bytes', second.length);
  return digest(second);
}

/** What is no PDF, and what is of no kind asked for: said, and the file that is there stays. */
async function refusals(pc, figures) {
  await choose(pc.page, '脚本.exe', Buffer.from('MZ'));
  await pc.page.getByText('这道题只收').waitFor();
  await choose(pc.page, '网页.pdf', Buffer.from('<html><script>alert(1)</script></html>'));
  await until(async () => /只接收|损坏|不是这道题/.test((await pc.page.locator('.upload .bad').first().textContent()) ?? ''), 'the refusal of a page');
  await look(pc.page, 'refused');
  figures.add('refused', 2);
}

export async function filesPart(figures) {
  const stage = new Stage();
  await stage.start(1);
  const pc = new Pc();
  try {
    await pc.start();
    await signIn(pc.page, stage, 0);
    same((await stage.ask('admit')).ok, true, 'admission');
    await atItem(pc.page, 1);
    let last = '';
    for (let i = 1; i <= (figures.long ? KILLS.long : KILLS.short) && !figures.over(); i++) last = await round(stage, pc, figures, i);
    await refusals(pc, figures);
    await delivered(pc.page);
    const here = await keptHere(pc.page);
    const stored = await stage.ask('answers 0');
    truth(stored.items[LAST]?.includes(last), `the file chosen last: ${stored.items[LAST]}`);
    figures.add('answers_on_server', stored.answered);
    figures.fault('server_differs', JSON.stringify(stored.items) === JSON.stringify(here) ? 0 : 1);
    figures.fault('aside', stored.aside);
  } finally {
    await pc.end().catch(() => {});
    await stage.end();
  }
}

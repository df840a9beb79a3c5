// What happens to a line and to a machine in mid-exam: a second tab, a cut network with acts of the
// invigilator behind it, a machine that is swapped; and what a receipt is worth afterwards.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

import { ok, same, truth, until } from '../check.mjs';
import { agree } from './online.mjs';
import { answer, answered, atItem, atSeat, cell, clockIsRight, delivered, listen, playsLeft, tileOf } from './sit.mjs';

/** The real five minutes are asked for with CUT_SECONDS=300. */
const CUT_MS = Number(process.env.CUT_SECONDS ?? 5) * 1000;
const EXTRA = 5;

/** A second tab asks before it takes over; the first one gives way and loses nothing. */
export async function secondTab(road, person) {
  const first = person.page;
  await cell(first, 66, '未').click();
  await answer(first, 66, 67);
  const second = await person.context.newPage();
  await second.goto(person.seat);
  await second.getByText('考试已在另一个窗口打开').waitFor();
  same(await second.locator('.opt').count(), 0, 'the second tab shows no question');
  await first.keyboard.press('ArrowRight');
  await answer(first, 68, 68);
  await second.getByRole('button', { name: '改在这个窗口作答' }).click();
  await second.locator('.ask').waitFor();
  same(await answered(second), 68, 'answers in the tab that took over');
  await first.getByText('考试已在另一个窗口打开').waitFor();
  await cell(second, 69, '未').click();
  await answer(second, 69, 70);
  await delivered(second);
  await first.close();
  person.page = second;
  ok('第二个窗口：先问再接手，原来的窗口让出，70 个答案都在');
}

const act = async (road, name, body) => {
  const invigilator = await road.people.staff('invigilator');
  return invigilator.api('POST', `/api/rooms/${road.room}/${name}`, body);
};

/** Offline: the work goes on, a reload too; what the invigilator did arrives at the next contact. */
export async function cut(road, person) {
  const { page } = person;
  const tile = await tileOf(road, person);
  road.watch.away = true;
  road.cable.pull();
  const began = Date.now();
  await cell(page, 71, '未').click();
  await answer(page, 71, 75);
  await page.locator('.line', { hasText: '网络已断开' }).waitFor();
  await act(road, 'extend', { attempt: tile.attempt, minutes: EXTRA, reason: '断网演练' });
  const before = await page.locator('.clock').innerText();
  truth(!before.includes('补时'), `offline nobody can know of the extra time: ${before}`);
  await page.reload();
  await atItem(page, 75);
  same(await answered(page), 75, 'answers after a reload without a network');
  await page.keyboard.press('ArrowRight');
  await answer(page, 76, 80);
  await page.locator('.line', { hasText: '网络已断开' }).waitFor();
  const waiting = await page.locator('dl.save dd').nth(2).innerText();
  truth(/[1-9]\d* 条/.test(waiting), `what waits is counted: ${waiting}`);
  await until(() => Date.now() - began >= CUT_MS, 'the cut', CUT_MS + 60_000);
  same((await tileOf(road, person)).answered, 70, 'the server knows nothing of it');
  road.cable.plug();
  await delivered(page);
  road.watch.away = false;
  await page.locator('.clock', { hasText: `补时 ${EXTRA} 分钟：断网演练` }).waitFor();
  await clockIsRight(page, road.startedMs, EXTRA);
  await until(async () => (await tileOf(road, person)).answered === 80, 'the server counts 80 answers');
  ok(`断网 ${Math.round((Date.now() - began) / 1000)} 秒：继续作答，断网刷新，80 个答案都送到；断网时的补时一接通就显示`);
}

/** Plays the first sound of the paper whose plays are counted: which question, and how many are left. */
async function playOne(page) {
  for (let n = 1; n <= 100; n++) {
    await cell(page, n, '').click();
    await atItem(page, n);
    if (!(await page.locator('.player').count()) || (await playsLeft(page)) < 0) continue;
    await listen(page, n);
    return { n, left: await playsLeft(page) };
  }
  throw new Error('no sound with a limit in this paper');
}

/** Another machine: the dead one's answers, the same item, the right time; the old one gives way. */
export async function machineSwap(road, person) {
  const old = person.page;
  const { item } = await tileOf(road, person);
  const sound = await playOne(old);
  await cell(old, item, '').click();
  await atItem(old, item);
  await delivered(old);
  const tile = await until(async () => {
    const now = await tileOf(road, person);
    return now.item === item && now;
  }, 'the invigilator sees where the candidate is');
  const fresh = await road.people.open({ ...person, login: `${person.login}-swap` });
  fresh.seat = person.seat;
  road.watch.provoked.push(/409.*\/api\/sit\/claim$/);
  // The machine that lost the attempt asks with its old epoch before it has heard of the new one.
  road.watch.provoked.push(/401.*\/api\/sit\/[0-9a-f]{32}\/(state|events|recording\/\S+)$/, /403.*\/api\/sit\/again$/);
  await atSeat(fresh);
  await fresh.page.locator('button[type=submit]').click();
  await fresh.page.getByText('另一台考试机正在使用这份答卷').waitFor();
  const field = fresh.page.getByLabel('6 位换机码');
  await field.fill('000000');
  await fresh.page.getByRole('button', { name: '换到这台机器' }).click();
  await fresh.page.getByRole('alert').waitFor();
  const began = Date.now();
  const { code } = await act(road, 'takeover', { attempt: tile.attempt, reason: '考试机蓝屏' });
  await field.fill(code);
  await fresh.page.getByRole('button', { name: '换到这台机器' }).click();
  await agree(road, fresh, false);
  await atItem(fresh.page, tile.item);
  const took = Date.now() - began;
  same(await answered(fresh.page), tile.answered, 'answers at the other machine');
  await clockIsRight(fresh.page, road.startedMs);
  await old.getByText('已在另一台机器上继续考试').waitFor();
  await cell(fresh.page, sound.n, '').click();
  await atItem(fresh.page, sound.n);
  same(await playsLeft(fresh.page), sound.left, 'plays left at the other machine');
  await road.watch.look(fresh.page, '换机后的有声题');
  await cell(fresh.page, tile.item, '').click();
  await atItem(fresh.page, tile.item);
  await fresh.page.keyboard.press('ArrowRight');
  await atItem(fresh.page, tile.item + 1);
  await fresh.page.keyboard.press('f');
  await cell(fresh.page, tile.item + 1, '未作答 已标记').waitFor();
  await delivered(fresh.page);
  ok(`换机：错码拒绝，正确的码 ${(took / 1000).toFixed(1)} 秒后在同一题继续，答案都在，播放次数不重算，时间对；原机停下`);
  return fresh;
}

/** Saved, checked by the public page, by the command and by the offline page; each change refused. */
export async function receipt(road, person) {
  const { page } = person;
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '保存回执文件' }).click();
  const file = join(road.server.folder, 'receipt.json');
  await (await download).saveAs(file);
  const text = readFileSync(file, 'utf8');
  const { seal_code: code } = JSON.parse(text);
  const stranger = await road.people.open({ login: 'receipt-stranger' }, { javaScriptEnabled: false });
  await stranger.go(`/R/${code}`);
  await stranger.page.getByRole('heading', { name: '✓ 回执为真' }).waitFor();
  await stranger.go('/receipt');
  await stranger.page.getByLabel('回执文件的全部文字').fill(text.replace(`"answered":100`, `"answered":99`));
  await stranger.page.getByRole('button', { name: '核对', exact: true }).nth(1).click();
  await stranger.page.getByRole('heading', { name: '✕ 回执不成立' }).waitFor();
  const reader = await road.people.open({ login: 'receipt-reader' });
  await reader.go(`/R/${code}`);
  await road.watch.look(reader.page, '回执核对');
  await command(road, file, text);
  await offline(road, reader, text);
  ok('回执：公开页、命令行和离线页都认；改动被拒绝，不用脚本也能查');
}

async function command(road, file, text) {
  const run = (path) => spawnSync(road.server.program, ['receipt', 'verify', path, '--data', road.server.data, '--json'], { encoding: 'utf8' });
  const good = run(file);
  same(good.status, 0, `heng receipt verify: ${good.stdout}${good.stderr}`);
  const forged = join(road.server.folder, 'forged.json');
  writeFileSync(forged, text.replace(/"sealed_at":(\d+)/, (_, n) => `"sealed_at":${Number(n) - 1}`));
  same(run(forged).status, 1, 'a changed receipt by heng receipt verify');
}

/** The file as it was downloaded, opened from the disk, with the network away. */
async function offline(road, reader, text) {
  const page = join(road.server.folder, 'heng-receipt.html');
  const reply = await reader.context.request.get(`${reader.url}/receipt/heng-receipt.html`);
  writeFileSync(page, await reply.body());
  await reader.context.setOffline(true);
  await reader.page.goto(pathToFileURL(page).href);
  const verdict = (content) =>
    reader.page.evaluate(async (value) => {
      document.getElementById('out').replaceChildren();
      document.getElementById('text').value = value;
      document.getElementById('go').click();
      while (!document.getElementById('out').firstChild) await new Promise((resolve) => setTimeout(resolve, 1));
      return document.getElementById('out').className;
    }, content);
  same(await verdict(text), 'good', 'the true receipt offline');
  const whole = JSON.parse(text);
  let tried = 0;
  for (let n = 0; tried < 200; n++) {
    for (const [name, value] of Object.entries(whole)) {
      const at = n % String(value).length;
      const changed = typeof value === 'number' ? value + n + 1 : value.slice(0, at) + (value[at] === '1' ? '2' : '1') + value.slice(at + 1);
      same(await verdict(JSON.stringify({ ...whole, [name]: changed })), 'bad', `${name} changed to ${changed}`);
      tried++;
    }
  }
}

// A room node beside the centre: invited on the desk, joined as a process of its own, its package
// proved complete, envelopes printed, what an invigilator sees on it, its own settings of Safe Exam Browser,
// audit rows that somebody cut there, and taken back. How a room is opened there and handed up is played by
// heng rehearse.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Failed, ok, same, truth, until } from '../check.mjs';
import { openRow } from '../desk.mjs';
import { People } from '../people.mjs';
import { configKey } from './online.mjs';
import { ROOM_ACTS } from './supervise.mjs';

const NOTED = '开考前核对考场布置和考生座位';

export class Node {
  constructor(server) {
    this.server = server;
    this.data = join(server.folder, 'node');
    this.accounts = server.accounts;
  }

  run(...words) {
    const log = openSync(join(this.server.folder, 'node.log'), 'a');
    const child = spawn(this.server.program, ['room', '--data', this.data, ...words], { stdio: ['ignore', 'pipe', log] });
    closeSync(log);
    child.stdout.setEncoding('utf8');
    return child;
  }

  async joinCentre(code) {
    const child = this.run('--join', this.server.url, '--code', code);
    const status = await new Promise((resolve) => child.once('exit', resolve));
    if (status !== 0) throw new Failed(`heng room --join ended with ${status}`);
  }

  async start() {
    this.child = this.run('--listen', '127.0.0.1:0', '--contact-ms', '500', '--rate-factor', '10000');
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.url = await new Promise((resolve, reject) => {
      this.child.stdout.once('data', (text) => resolve(text.trim()));
      this.child.once('exit', (code) => reject(new Failed(`heng room ended with ${code}`)));
    });
  }

  async stop() {
    if (this.child?.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      await this.ended;
    }
  }
}

/** Twelve played candidates on this machine, in a store of their own, while the road goes on. */
export async function rehearse(road) {
  const { page, go } = await road.people.staff('registrar');
  await go(`/desk/sessions/${road.theory}?part=rehearsals`);
  await page.getByText('还没有演练过').waitFor();
  await road.watch.look(page, '还没有演练');
  const log = openSync(join(road.server.folder, 'rehearse.log'), 'a');
  const child = spawn(road.server.program, ['rehearse', '--data', road.server.data, '--session', road.theory, '--candidates', '12', '--limits', 'left_over=0,candidates=13'], { stdio: ['ignore', log, log] });
  closeSync(log);
  road.rehearsal = new Promise((resolve) => child.once('exit', resolve));
}

/** Its report stands with the session: one threshold was set so that it fails, and is named. */
export async function rehearsed(road) {
  same(await road.rehearsal, 1, 'a rehearsal below a threshold ends with 1');
  const { page, go } = await road.people.staff('registrar');
  await go(`/desk/sessions/${road.theory}?part=rehearsals`);
  await page.getByText(/12 名合成考生，3 个考场/).waitFor();
  await page.getByText(/▲.*考完的合成考生 12（应 ≥ 13）/).waitFor();
  await page.getByRole('row', { name: /得分与作答不符的考生\s*0.*合格/ }).waitFor();
  await page.getByText('各步用时').click();
  await page.getByRole('row', { name: /考试（中心断开）\s*12/ }).waitFor();
  await road.watch.look(page, '演练报告');
  ok('合成考生走完全程，报告、门槛与结论留在场次页，未达到的门槛写明');
}

async function askForSeb(road) {
  const { page, go } = await road.people.staff('registrar');
  await go(`/desk/sessions/${road.theory}?part=conduct`);
  await page.getByLabel('须用 SEB 考试浏览器').check();
  await page.getByRole('button', { name: '保存施考方式' }).click();
  await page.getByText('已保存。').waitFor();
}

/** Before the papers are sealed: a package is made for the nodes that are there. */
export async function joinNode(road) {
  road.watch.seen = false;
  await askForSeb(road);
  const { page, go } = await road.people.staff('registrar');
  await go('/desk/nodes');
  await page.getByText('还没有考场节点').waitFor();
  await page.getByLabel('名称', { exact: true }).fill('一号机房');
  await page.getByRole('button', { name: '生成加入码' }).click();
  const code = (await page.locator('.notice .code').innerText()).trim();
  same(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){4}$/.test(code), true, 'the join code');
  await road.watch.look(page, '考场节点的加入码');
  road.node = road.server.node = new Node(road.server);
  await road.node.joinCentre(code);
  await road.node.start();
  road.watch.origins.push(road.node.url);
  await page.getByRole('row', { name: /一号机房.*已加入/ }).waitFor();
  await go(`/desk/sessions/${road.theory}?part=nodes`);
  await page.getByText('没有考场使用节点').waitFor();
  await page.getByLabel('考场', { exact: true }).selectOption({ label: '第1考场' });
  await page.getByLabel('节点', { exact: true }).selectOption({ label: '一号机房' });
  await page.getByLabel('备用').check();
  await page.getByRole('button', { name: '指定节点' }).click();
  await page.getByRole('row', { name: /第1考场.*一号机房.*试卷未封装/ }).waitFor();
  ok('考场节点凭加入码加入，指定为考场的备用节点');
}

async function printHalf(road, login, half) {
  const officer = await road.people.staff(login);
  const { page } = officer;
  await officer.go(`/desk/sessions/${road.theory}?part=nodes`);
  await page.getByRole('button', { name: '打印一半' }).click();
  await page.locator('.sure').getByLabel('考场', { exact: true }).selectOption({ label: '第1考场' });
  await page.locator('.sure').getByLabel(half).check();
  await page.locator('.sure').getByLabel('动态码').fill(await officer.code());
  const download = page.waitForEvent('download');
  await page.locator('.sure').getByRole('button', { name: '打印一半' }).click();
  truth((await download).suggestedFilename().endsWith('.pdf'), 'the envelope is a PDF');
  await page.getByText(`${half}已下载`).waitFor();
  return page;
}

async function envelopes(road) {
  const first = await printHalf(road, 'officer', '甲半');
  await road.watch.look(first, '考场节点与信封');
  const second = await printHalf(road, 'officer2', '乙半');
  await second.getByText('没有可打印的').waitFor();
  ok('信封的两半由两名启封员各打印一次，之后没有了');
}

/** The node's own file: it goes to the node, and its key is the one that the page shows. */
async function nodeSettings(road, page) {
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: /设置文件/ }).click();
  const file = join(road.server.folder, 'node.seb');
  await (await download).saveAs(file);
  const text = readFileSync(file, 'utf8');
  truth(text.includes(`<string>${road.node.url}/sit</string>`) && !text.includes(road.server.url), 'the file goes to the node');
  same((await page.getByText(/^Config Key/).innerText()).replace('Config Key ', ''), configKey(text), 'the Config Key of the node');
  ok('SEB：节点给出自己地址的设置文件，Config Key 与页面一致');
}

/** Sealed by now: it fetches the package, proves it, and shows what is to be done. */
export async function nodePackage(road) {
  const { page, go } = await road.people.staff('registrar');
  await go(`/desk/sessions/${road.theory}?part=nodes`);
  await page.getByRole('row', { name: /第1考场.*一号机房.*完整/ }).waitFor();
  await road.watch.look(page, '场次的考场节点');
  ok('节点收齐试卷包，向中心证明完整');
  await envelopes(road);
  const there = new People(road.people.browsers, road.node, road.watch);
  const person = await there.staff('invigilator');
  await until(async () => (await person.page.getByRole('link', { name: '本节点' }).count()) > 0, 'the node names itself');
  await person.go('/desk/here');
  await person.page.getByText('与中心有联系').waitFor();
  await person.page.getByText('向中心证明完整').waitFor();
  await nodeSettings(road, person.page);
  await person.page.getByLabel('听到的 18 位数字').fill('111111 222222 333333');
  await person.page.getByLabel('动态码').fill(await person.code());
  road.watch.provoked.push(/status of 4\d\d .*\/half$/);
  await person.page.getByRole('button', { name: '输入这一半' }).click();
  await person.page.getByText(/第 ?1 ?组/).waitFor();
  await road.watch.look(person.page, '本节点');
  ok('节点上的监考员看到试卷包、联系和时间；听错的一组数字被指出');
  await person.context.close();
  await supervise(road, there);
}

/** Looks at the node and its room as they are, is shown no act, and writes what was seen. */
async function supervise(road, there) {
  const supervisor = await there.staff('supervisor');
  const { page, go } = supervisor;
  await go('/desk/here');
  await page.getByText('向中心证明完整').waitFor();
  same(await page.getByRole('button', { name: /输入这一半|结束本考场|确认时间/ }).count(), 0, 'acts on the node shown to a supervisor');
  same(await page.getByLabel('动态码').count(), 0, 'a form shown to a supervisor');
  await road.watch.look(page, '督导看本节点');
  await go('/desk/rooms');
  await page.getByRole('row', { name: /第1考场.*督导/ }).waitFor();
  await road.watch.look(page, '督导在节点的考场列表');
  await openRow(page, /第1考场/);
  await page.getByText('你在本考场是质量督导员').waitFor();
  await page.getByText(road.candidates[0].name).first().waitFor();
  same(await page.getByRole('button', { name: ROOM_ACTS }).count(), 0, 'acts in the room shown to a supervisor');
  await page.getByLabel('看到的情况').fill(NOTED);
  await page.getByRole('button', { name: '写入督导记录' }).click();
  await page.getByText('已写入').waitFor();
  await page.getByText(NOTED).waitFor();
  await road.watch.look(page, '督导在节点看考场');
  ok('质量督导员在节点上看本节点和考场，不能操作，写下督导记录');
  await supervisor.context.close();
}

/** A later start comes to the node's room, and the desk says so. */
export async function timeReaches(road) {
  const { page, go } = await road.people.staff('registrar');
  await go(`/desk/sessions/${road.theory}?part=nodes`);
  await page.getByText('只有备用节点').waitFor();
  await go(`/desk/sessions/${road.theory}?part=time`);
  await page.getByRole('button', { name: '推迟开考', exact: true }).click();
  const field = page.getByLabel('新的开考时间');
  const [hours, minutes] = (await field.inputValue()).split(':').map(Number);
  const later = Math.min(hours * 60 + minutes + 5, 24 * 60 - 1);
  await field.fill(`${String(Math.floor(later / 60)).padStart(2, '0')}:${String(later % 60).padStart(2, '0')}`);
  await page.getByLabel('事由').fill('考点道路中断');
  await page.getByRole('button', { name: '推迟全场次的开考' }).click();
  await page.getByText('已到达考场').waitFor();
  await road.watch.look(page, '时间安排到达考场');
  ok('推迟开考到达节点的考场，页面写明几时到达');
}

/** Somebody at the machine cuts the end of its audit chain: the centre had it, says so, and what to do. */
const CUT = `
import sqlite3, sys
store = sqlite3.connect(sys.argv[1])
for name in ('audit_row_no_update', 'audit_row_no_delete'): store.execute(f'DROP TRIGGER IF EXISTS {name}')
chain, top = store.execute('SELECT chain, MAX(seq) FROM audit_row GROUP BY chain ORDER BY COUNT(*) DESC').fetchone()
store.execute('DELETE FROM audit_row WHERE chain = ? AND seq > ?', (chain, top - 2))
store.execute('UPDATE audit_chain SET seq = ?, head = (SELECT hash FROM audit_row WHERE chain = ? AND seq = ?) WHERE chain = ?', (top - 2, chain, top - 2, chain))
store.commit()
`;

export async function findings(road) {
  const { page, go } = await road.people.staff('registrar');
  await go('/desk/nodes');
  await page.getByRole('row', { name: /一号机房.*已加入/ }).click();
  await page.getByText('送到中心的审计记录首尾相接').waitFor();
  await road.node.stop();
  const cut = spawnSync('python3', ['-c', CUT, join(road.node.data, 'heng.db')], { encoding: 'utf8' });
  if (cut.status !== 0) throw new Failed(`the rows were not cut: ${cut.stderr}`);
  await road.node.start();
  road.watch.origins.push(road.node.url);
  await page.getByRole('row', { name: /一号机房.*审计不符/ }).click();
  await page.getByText('这台机器的审计记录与送到中心的不符').waitFor();
  await page.getByText(/链 \d+ 第 \d+ 行：(末尾被截去|与先前送来的不符)/).first().waitFor();
  await page.getByText('不能解释的，停用节点').waitFor();
  await road.watch.look(page, '节点审计不符');
  ok('有人截去节点上的审计记录：中心的考场节点页写明哪一行、怎么办');
}

/** A node that only stands by serves nobody; it is taken back all the same. */
export async function removeNode(road) {
  const { page, go } = await road.people.staff('registrar');
  await go(`/desk/sessions/${road.theory}?part=nodes`);
  await page.getByRole('row', { name: /第1考场.*一号机房/ }).getByRole('button', { name: '移除' }).click();
  await page.getByText('没有考场使用节点').waitFor();
  await road.node.stop();
  await go('/desk/nodes');
  await page.getByRole('row', { name: /一号机房/ }).click();
  await page.getByRole('button', { name: '停用节点' }).click();
  await page.locator('.sure').getByLabel('事由').fill('机器收回');
  await page.locator('.sure').getByRole('button', { name: '停用节点' }).click();
  await page.getByRole('row', { name: /一号机房.*已停用/ }).waitFor();
  ok('考场改回由中心提供考试，节点停用，写明事由');
}

/** While the node serves the room, its page at the centre says so and offers no act. */
export async function servedThere(road) {
  const registrar = await road.people.staff('registrar');
  const path = `/api/sessions/${road.theory}/nodes`;
  const { rooms } = await registrar.api('GET', path);
  const [{ id: room, nodes }] = rooms;
  await registrar.api('POST', path, { room, node: nodes[0].node, standby: false });
  const invigilator = await road.people.staff('invigilator');
  const { page, go } = invigilator;
  await go(`/desk/rooms/${room}`);
  await page.getByText('本考场由考场节点提供考试').waitFor();
  await page.getByText(road.candidates[0].name).first().waitFor();
  same(await page.getByRole('button', { name: ROOM_ACTS }).count(), 0, 'acts at the centre on a room of a node');
  await page.getByRole('button', { name: new RegExp(road.candidates[0].name) }).click();
  await page.getByRole('heading', { name: road.candidates[0].name }).waitFor();
  same(await page.getByRole('button', { name: /补时|违纪|通知|换机码|收卷/ }).count(), 0, 'acts at the centre on a seat of a node');
  await road.watch.look(page, '由节点提供考试的考场');
  await registrar.api('POST', path, { room, node: nodes[0].node, standby: true });
  ok('由节点提供考试的考场，在中心只看，写明到哪里操作');
}

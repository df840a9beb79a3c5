// Time as the candidates see it: the room and the whole session paused and prolonged; a hand-in by the
// clock, undone by extra time; a hand-in without a network, carried over as an emergency file.
import { ok, same, truth, until } from '../check.mjs';
import { answered, atItem, delivered, tileOf } from './sit.mjs';

async function actOn(page, tab, button, reason, minutes) {
  await page.getByRole('group', { name: '处置' }).getByRole('button', { name: tab, exact: true }).click();
  if (minutes) await page.getByLabel('补多少分钟').fill(String(minutes));
  await page.getByLabel('事由').fill(reason);
  await page.getByRole('button', { name: button, exact: true }).click();
  await page.getByText(`已办：${button}`).waitFor();
}

/** Everybody stops, reads why, and goes on at the same item. */
async function stopped(pages, reason) {
  for (const page of pages) {
    await page.getByRole('heading', { name: '考试暂停' }).waitFor();
    await page.getByText(reason).first().waitFor();
    same(await page.locator('.opt').count(), 0, 'no question is shown while time stands still');
  }
}

export async function halts(road, people) {
  const pages = people.map((person) => person.page);
  const items = await Promise.all(pages.map((page) => page.locator('#no').innerText()));
  const running = async () => {
    for (const [i, page] of pages.entries()) await page.locator('#no', { hasText: items[i] }).waitFor();
  };
  const { page: room } = await road.people.staff('invigilator');
  await actOn(room, '暂停', '暂停全考场', '供电中断');
  await stopped(pages, '供电中断');
  await road.watch.look(pages[0], '考试暂停');
  await actOn(room, '暂停', '恢复全考场', '供电恢复');
  await running();
  await actOn(room, '补时', '全考场补 2 分钟', '供电中断', 2);
  for (const page of pages) await page.locator('.clock', { hasText: '补时 2 分钟：供电中断' }).waitFor();
  const { page: desk, go } = await road.people.staff('registrar');
  await go(`/desk/sessions/${road.theory}?part=time`);
  await desk.getByText('进行中').first().waitFor();
  await road.watch.look(desk, '全场次的时间');
  await actOn(desk, '暂停', '暂停全场次', '全市防空警报');
  await stopped(pages, '全市防空警报');
  await actOn(desk, '恢复', '恢复全场次', '警报解除');
  await running();
  await actOn(desk, '补时', '全场次补 3 分钟', '全市防空警报', 3);
  for (const page of pages) await page.locator('.clock', { hasText: '补时 3 分钟：全市防空警报' }).waitFor();
  ok('全考场、全场次暂停，恢复，补时：考生立即看到，写明事由，回到同一题');
}

/** Nobody waits for ninety minutes here: the page's own clock is put forward, and it hands in at zero. */
export async function timeUp(road, person) {
  const { page } = person;
  const before = await answered(page);
  const { item } = await tileOf(road, person);
  await page.clock.install();
  await page.reload();
  await atItem(page, item);
  await page.clock.fastForward(2 * 3_600_000);
  await page.getByText('考试时间到，答卷已自动封存').waitFor();
  await page.getByText('已交卷，服务器已收妥').waitFor();
  await road.watch.look(page, '时间到自动交卷');
  const { page: room } = await road.people.staff('invigilator');
  const tile = await tileOf(road, person);
  same([tile.state, tile.end_reason], ['sealed', 'deadline'], 'what the room knows');
  await room.getByRole('button', { name: new RegExp(person.name) }).click();
  await actOn(room, '补时', `${tile.seat} 号座补 4 分钟`, '考试机故障', 4);
  await room.keyboard.press('Escape');
  await atItem(page, item);
  same(await answered(page), before, 'answers after the extra time');
  await page.locator('.clock', { hasText: '补时 4 分钟：考试机故障' }).waitFor();
  ok('时间到自动交卷；随后的补时让考生回到同一题继续，答案都在');
}

/** Handed in without a network; the invigilator carries the file, and the page hears of it later. */
export async function carried(road, person) {
  const { page } = person;
  await delivered(page);
  road.watch.away = true;
  await person.context.setOffline(true); // at once; the silent cable has had its turn
  await page.keyboard.press('f');
  await page.locator('.line', { hasText: '网络已断开' }).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: /^交卷/ }).click();
  await page.getByRole('button', { name: '仍要交卷' }).click();
  await page.getByRole('button', { name: /^确认交卷/ }).click();
  await page.getByText('答卷已封存在本机，等待网络').waitFor();
  await road.watch.look(page, '断网交卷');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: '保存应急文件' }).click();
  const file = await (await download).path();
  same((await tileOf(road, person)).state, 'open', 'the server knows nothing of it');
  const { page: room } = await road.people.staff('invigilator');
  const hand = async () => {
    await room.getByLabel('考试机导出的应急文件').setInputFiles(file);
    await room.locator('form').getByRole('button', { name: '导入应急文件' }).click();
    await room.getByText(/号座的作答已接上主线/).waitFor();
  };
  await room.getByRole('group', { name: '处置' }).getByRole('button', { name: '导入应急文件', exact: true }).click();
  await hand();
  await until(async () => (await tileOf(road, person)).state === 'sealed', 'the file hands in');
  await road.watch.look(room, '导入应急文件');
  await hand(); // twice is once
  await person.context.setOffline(false);
  await page.getByText('已交卷，服务器已收妥').waitFor({ timeout: 60_000 });
  road.watch.away = false;
  truth(!(await page.locator('main').innerText()).includes('不一致'), 'the receipt fits');
  ok('断网交卷：应急文件由监考员导入，接上主线，导入两次不重复；接通后考生拿到回执');
}

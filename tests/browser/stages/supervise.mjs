// The quality supervisor sees the room as it is, is shown no act there, and writes what was seen.
import { ok, same, truth, until } from '../check.mjs';
import { openRow } from '../desk.mjs';

const SEEN = '开考 20 分钟，5 号座考生与邻座交谈，监考员已提醒';
/** What only an invigilator does. */
export const ROOM_ACTS = /补时|暂停|换机码|收卷|开考|放行|通知|导入/;

export async function supervise(road, person) {
  const supervisor = await road.people.staff('supervisor');
  const { page, go } = supervisor;
  await go('/desk/rooms');
  await page.getByRole('row', { name: /督导/ }).first().waitFor();
  await openRow(page, /第1考场/);
  await page.getByText('你在本考场是质量督导员').waitFor();
  await page.getByText(person.name).first().waitFor();
  same(await page.getByRole('button', { name: ROOM_ACTS }).count(), 0, 'acts shown to a supervisor');
  await road.watch.look(page, '督导看考场');
  const tile = page.getByRole('button', { name: new RegExp(person.name) });
  const before = await tile.innerText();
  await tile.click();
  await page.getByLabel('不符合规定').check();
  await page.getByLabel('看到的情况').fill(SEEN);
  await page.getByRole('button', { name: /写入 \d+ 号座督导记录/ }).click();
  await page.getByText('已写入').waitFor();
  await page.getByText(SEEN).first().waitFor();
  same(await page.getByRole('button', { name: ROOM_ACTS }).count(), 0, 'acts shown at a seat');
  await road.watch.look(page, '督导记录');
  let refused = '';
  await supervisor.api('POST', `/api/rooms/${road.room}/pause`, { reason: '试一试' }).catch((thrown) => (refused = String(thrown)));
  truth(refused.includes('403'), `a supervisor may not pause: ${refused || 'it did'}`);
  ok('质量督导员实时看考场，不能操作，写下督导记录');
  return async () => {
    await until(async () => (await tile.innerText()) !== before, 'the tile of the supervisor moves with the room');
    const registrar = await road.people.staff('registrar');
    await registrar.go(`/desk/sessions/${road.theory}?part=observations`);
    await registrar.page.getByText(SEEN).waitFor();
    same(await registrar.page.getByLabel('看到的情况').count(), 0, 'a form for who only reads');
    ok('督导看到的座位随考试变化，报名审核员读到督导记录');
  };
}

// A violation: recorded at the seat, signed by a second invigilator, answered by the candidate, decided
// by two; the result it voids is computed and published again, and the candidate reads why.
import { ok, truth } from '../check.mjs';
import { openRow, twice } from '../desk.mjs';

const CODE = '一般违纪';
const NOTE = '开考 40 分钟，桌内查出手机一部，已拍照封存';
const DECIDED = '携带手机进入考场，成绩无效';

const atRoom = async (road, login) => {
  const person = await road.people.staff(login);
  await person.go(`/desk/rooms/${road.room}`);
  await person.page.getByRole('button', { name: new RegExp(road.candidates[1].name) }).click();
  await person.page.getByRole('button', { name: '违纪', exact: true }).click();
  return person.page;
};

export async function report(road) {
  const page = await atRoom(road, 'invigilator');
  const kind = page.getByLabel('违纪种类');
  await kind.locator('option').nth(1).waitFor({ state: 'attached' });
  await kind.selectOption({ label: CODE });
  await page.getByLabel(/^经过/).fill(NOTE);
  await page.getByLabel('已当场告知考生可以陈述').check();
  await page.getByRole('button', { name: /记录 .* 号座违纪/ }).click();
  await page.getByText('等第二名监考员签字').waitFor();
  await road.watch.look(page, '记录违纪');
  const second = await atRoom(road, 'invigilator2');
  await second.getByText(NOTE).waitFor();
  await second.getByRole('button', { name: '我在场，签字见证' }).click();
  await second.getByText('第二人已签字').waitFor();
  await second.getByLabel('考生陈述').fill('手机是关机的，忘了交');
  await second.getByRole('button', { name: '保存' }).click();
  await second.getByText('手机是关机的，忘了交').waitFor();
  ok('违纪：监考员记录、第二人签字、考生陈述');
}

export async function voided(road) {
  const registrar = await road.people.staff('registrar');
  const { page, go } = registrar;
  await go(`/desk/sessions/${road.theory}?part=violations`);
  await page.getByText(NOTE).waitFor();
  await page.getByRole('button', { name: '提请处理决定' }).click();
  await page.getByLabel('决定内容').fill(DECIDED);
  await road.watch.look(page, '违纪处理');
  await page.locator('.sure').getByRole('button', { name: /提请/ }).click();
  await page.getByText('已提出，等第二人确认').waitFor();
  await road.people.confirm('registrar2', /违纪/);
  await go('/desk/results');
  await openRow(page, '演示批次');
  await page.getByRole('button', { name: '合成成绩' }).click();
  await page.getByLabel(/更正/).fill('违纪处理决定');
  await page.getByRole('button', { name: '合成成绩', exact: true }).last().click();
  await page.getByText(/2 名考生，4 项成绩/).waitFor();
  await twice(page, '公布成绩', /提请公布 \d 项成绩/);
  await page.getByText('已提出，等第二人确认').waitFor();
  await road.people.confirm('head', /公布.*成绩/);
  const person = road.candidates[1];
  await person.go(`/entries/${person.entry}/result`);
  const theory = person.page.locator('section', { has: person.page.getByText(/理论/) }).first();
  await theory.getByText('无效').first().waitFor();
  truth((await theory.innerText()).includes(DECIDED), 'the candidate reads why');
  await road.watch.look(person.page, '成绩无效');
  ok('违纪由两人决定，成绩无效，考生看到理由');
}

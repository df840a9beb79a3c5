// A table registers somebody; the registrar opens an account; that person reads, agrees and goes on.
import { ok, truth, until } from '../check.mjs';
import { idOf } from '../desk.mjs';
import { documentNumber } from '../people.mjs';
import { xlsx } from '../xlsx.mjs';

const NAME = '赵一鸣';
const MOBILE = '13900000041';
const OWN = 'a long sentence of somebody imported';
export const HEAD = ['姓名', '证件号码', '手机', '职业', '工作单位', '工作起始', '申报等级', '职业方向'];
const good = () => [NAME, documentNumber(41), MOBILE, '全媒体运营师', '演示传媒公司', '2019-03-01', '4', 'A'];
const bad = () => ['钱多多', '110105194912310021', '1390000', '全媒体运营师', '', '2019-13-01', '4', 'A'];

/** As a spreadsheet, or as comma-separated values by its name. */
export async function send(page, name, rows) {
  const table = [HEAD, ...rows];
  const buffer = name.endsWith('.csv') ? Buffer.from(table.map((row) => row.join(',')).join('\n')) : xlsx(table);
  await page.getByLabel('选择报名表').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });
  await page.getByRole('button', { name: `导入 ${name}` }).click();
}

async function table(road, registrar) {
  const { page, go } = registrar;
  await go(`/desk/batches/${road.batch}/import`);
  await send(page, '报名表.xlsx', [good(), bad()]);
  const report = page.getByRole('region', { name: '逐行结果' });
  for (const column of ['证件号码', '手机', '工作起始']) await report.getByRole('cell', { name: column, exact: true }).first().waitFor();
  await report.getByRole('cell', { name: '3', exact: true }).waitFor(); // the row of the file
  await road.watch.look(page, '导入报名表的逐行结果');
  await send(page, '报名表.csv', [good()]);
  await report.getByText(/新增 0/).waitFor();
  ok('报名表逐行导入（XLSX、CSV）：错行说明行、列和原因，传两次不重复');
}

async function openAccount(road, registrar) {
  const { page } = registrar;
  const { entries } = await registrar.api('GET', `/api/batches/${road.batch}/entries?state=draft&limit=50`);
  road.imported = entries.find((e) => e.name === NAME).id;
  await registrar.go(`/desk/review/${road.imported}`);
  await page.getByRole('button', { name: '开通账号' }).click();
  await road.watch.look(page, '为导入的考生开通账号');
  await page.locator('.sure').getByRole('button', { name: '开通账号' }).click();
  const first = (await page.locator('.secret').innerText()).trim();
  truth(!(await page.locator('body').innerText()).includes(MOBILE), 'the number is masked');
  return first;
}

export async function imported(road) {
  const registrar = await road.people.staff('registrar');
  await table(road, registrar);
  const first = await openAccount(road, registrar);
  const person = await road.people.open({ login: MOBILE, password: OWN }, { viewport: { width: 375, height: 812 } });
  const { page } = person;
  await person.go('/');
  await page.getByLabel('账号', { exact: true }).fill(MOBILE);
  await page.getByLabel('密码', { exact: true }).fill(first);
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await page.getByLabel('新密码', { exact: true }).waitFor();
  await road.watch.look(page, '首次登录改密码');
  await page.getByLabel('现在的密码', { exact: true }).fill(first);
  await page.getByLabel('新密码', { exact: true }).fill(OWN);
  await page.getByLabel('再输一遍新密码', { exact: true }).fill(OWN);
  await page.getByRole('button', { name: '修改密码' }).click();
  await until(async () => !(await page.getByRole('heading', { name: '修改密码' }).count()) || (await page.getByText('密码已改').count()), 'the password is changed');
  await person.go('/');
  await page.getByText('演示批次').or(page.getByText('四级/中级工')).first().waitFor();
  await road.watch.look(page, '导入的考生首页');
  await person.go(`/entries/${road.imported}`);
  await page.getByRole('button', { name: '我已看清并同意' }).first().waitFor();
  truth((await idOf(page, 'entries')) === road.imported, 'the imported application itself');
  await road.watch.look(page, '导入的考生先读后同意');
  ok('导入的考生由本人登录、改密码、先读后同意');
}

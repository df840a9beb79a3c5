// A certificate after its issue: lost and printed again, wrong and replaced; the history that everybody sees.
import { ok, same, truth } from '../check.mjs';
import { lookUp } from './award.mjs';

async function propose(road, act, yes, reason) {
  const { page } = await road.people.staff('issuer');
  await page.getByRole('button', { name: act, exact: true }).click();
  const sure = page.locator('.sure');
  await sure.getByLabel('事由').fill(reason);
  await sure.getByRole('button', { name: yes }).click();
  await page.getByText('已提出，等第二人确认').waitFor();
}

/** What the public page says to the one who passed by. */
async function publicly(road, number, ...words) {
  const stranger = road.people.known.get('passer-by-有效');
  await lookUp(stranger.page, stranger.url, number, road.candidates[0].name);
  for (const word of words) await stranger.page.getByText(word).first().waitFor();
  return stranger.page;
}

export async function reissue(road) {
  const issuer = await road.people.staff('issuer');
  const { id, number, print_serial: serial } = road.certificate;
  await issuer.go(`/desk/certificates/${id}`);
  await propose(road, '遗失补发', `提请补发 ${number}`, '登报声明遗失');
  await road.people.confirm('issuer2', /补发/);
  const lost = await issuer.api('GET', `/api/certificates/${id}`);
  same([lost.number, lost.state], [number, 'valid'], 'the number and the state after the loss');
  truth(lost.print_serial !== serial, 'another sheet');
  await publicly(road, number, '有效', '遗失补发', lost.print_serial);
  ok('遗失补发：两人办理，编号不变，公开页写明经过');
}

export async function replace(road) {
  const issuer = await road.people.staff('issuer');
  const { id, number } = road.certificate;
  await issuer.go(`/desk/certificates/${id}`);
  await propose(road, '更正换发', `提请换发 ${number}`, '证件类型录入有误');
  await road.people.confirm('issuer2', /换发/);
  await issuer.page.reload();
  await issuer.page.getByRole('link', { name: '换发后的证书' }).waitFor();
  await road.watch.look(issuer.page, '换发过的证书');
  const old = await issuer.api('GET', `/api/certificates/${id}`);
  road.certificate = await issuer.api('GET', `/api/certificates/${old.replaced_by}`);
  truth(road.certificate.number !== number, 'a number of its own');
  const page = await publicly(road, number, '已换发', '更正换发', '证件类型录入有误');
  await road.watch.look(page, '核验页（已换发）');
  await publicly(road, road.certificate.number, '有效');
  ok('更正换发：旧证书写明换发，新证书有效');
}

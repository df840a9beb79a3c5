// Somebody who has applied: through the API, where the pages of an application are not the point.
import { truth } from './check.mjs';
import { documentNumber } from './people.mjs';
import { photo } from './photo.mjs';

const WORK = [{ occupation: '全媒体运营师', from: '2019-03-01' }];

/** Registers, agrees, fills in and submits. */
export async function applicant(road, { name, number, mobile, batch = road.batch, level = 4, direction = 'A', facts = { work: WORK } }) {
  const password = `a long sentence of ${mobile}`;
  const person = await road.people.open({ login: mobile, password, name, document: documentNumber(number) });
  await person.api('POST', '/api/register', { login: mobile, password, display_name: name });
  await person.api('POST', '/api/sign-in', { login: mobile, password });
  const { texts } = await person.api('GET', '/api/consent-texts');
  for (const { kind, version, needed } of texts) if (needed) await person.api('POST', '/api/my/consents', { kind, version });
  await person.api('PUT', '/api/my/person', { name, document_kind: 'resident_id', document_number: person.document, phone: mobile });
  const { entry } = await person.api('POST', '/api/entries', { batch, level, direction });
  person.entry = entry.id;
  const path = `/api/entries/${entry.id}`;
  await person.api('PATCH', path, { version: entry.version, facts });
  const reply = await person.context.request.post(`${person.url}${path}/photo`, {
    data: photo(number),
    headers: { Origin: person.url, 'Heng-Request': '1', 'Content-Type': 'image/png' },
  });
  truth(reply.ok(), `the photo: ${reply.status()}`);
  const { version } = await reply.json();
  await person.api('POST', `${path}/submit`, { version });
  return person;
}

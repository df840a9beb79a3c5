import { describe, expect, it } from 'vitest';

import { adoptRulings, changeFact, factId, factsToJudge, factsToSave, lacks, looseDay, majorScope, newFact, occupationScope, readFacts, workMonths } from './portalFacts';

describe('days as people write them', () => {
  it.each([
    ['2020-03-01', '2020-03-01'],
    ['2020.3.1', '2020-03-01'],
    ['2020/03/1', '2020-03-01'],
    ['20200301', '2020-03-01'],
    [' 2020年3月1日 ', '2020-03-01'],
    ['2020-02-30', undefined],
    ['2020-03', undefined],
    ['1820-01-01', undefined],
    ['', undefined],
  ])('%s → %s', (typed, day) => expect(looseDay(typed)).toBe(day));
});

describe('facts', () => {
  const half = { occupation: '电子商务师', from: '2020.3' };
  const work = { occupation: ' 电子商务师 ', from: '2020.3.1', to: '', evidence: 'proved', scope: 'related' };

  it('says what a fact lacks', () => {
    expect(lacks('work', {})).toEqual(['occupation', 'from']);
    expect(lacks('work', half)).toEqual(['from']);
    expect(lacks('work', { ...work, to: '2019-01-01' })).toEqual(['to']);
    expect(lacks('work', work)).toEqual([]);
    expect(lacks('certificates', { occupation: 'x', level: 0, issued: '2020-01-01' })).toEqual([]);
    expect(lacks('titles', { rank: 'junior' })).toEqual(['awarded']);
    expect(lacks('education', { attainment: 'bachelor' })).toEqual(['status']);
  });

  it('saves everything that is said, judges only what is complete', () => {
    const facts = readFacts({ work: [work, half] });
    expect(factsToSave(facts).work).toEqual([{ occupation: '电子商务师', from: '2020-03-01' }, half]);
    expect(factsToJudge(facts, false).work).toEqual([{ occupation: '电子商务师', from: '2020-03-01', scope: 'related', evidence: 'proved' }]);
    expect(factsToJudge(facts, true).work).toEqual([{ occupation: '电子商务师', from: '2020-03-01', scope: 'related' }]);
  });

  it('names each new fact and keeps the name whatever changes', () => {
    const [one, two] = [newFact('education'), newFact('work')];
    const id = factId(one);
    expect(id).toMatch(/^[0-9a-f]{18}$/);
    expect(factId(two)).not.toBe(id);
    changeFact(one, 'name', '某学院');
    expect(factsToSave(readFacts({ education: [one] })).education).toEqual([{ id, status: 'graduated', name: '某学院' }]);
  });

  it('forgets what the registrar found when the fact changes, and learns it again from the server', () => {
    const facts = readFacts({ work: [work] });
    const fact = facts.work[0] ?? {};
    changeFact(fact, 'from', '2021-01-01');
    expect(factsToJudge(facts, false).work[0]?.['evidence']).toBe('claimed');
    adoptRulings(facts, { work: [{ from: '2021-01-01', occupation: '电子商务师', evidence: 'proved', scope: 'own' }] });
    expect(fact).toMatchObject({ evidence: 'proved', scope: 'own' });
    changeFact(fact, 'from', '2022-01-01');
    adoptRulings(facts, { work: [{ from: '2021-01-01', occupation: '电子商务师', evidence: 'proved' }] });
    expect(fact['evidence']).toBeUndefined();
  });
});

describe('names', () => {
  const lists = {
    occupation: { name: '全媒体运营师', names: ['全媒体运营'] },
    occupations: [{ scope: 'related', name: '', text: '', items: ['电子商务师'], aliases: [{ name: '网商', means: '电子商务师' }] }],
    majors: [{ scope: 'related', name: '', text: '', items: ['市场营销'] }],
  };
  it.each([
    ['全媒体运营', 'own'],
    ['电子 商务师', 'related'],
    ['网商', 'related'],
    ['厨师', 'other'],
    ['', 'other'],
  ])('occupation %s is %s', (name, scope) => expect(occupationScope(lists, name)).toBe(scope));
  it.each([
    ['市场营销', 'related'],
    ['市场营销专业', 'related'],
    ['机械', 'other'],
  ])('major %s is %s', (name, scope) => expect(majorScope(lists, name)).toBe(scope));
});

it('sums periods with overlaps once', () => {
  expect(workMonths([{ from: '2020-03-01', to: '2022-08-31' }, { from: '2022-09-01' }], '2026-11-21')).toBe(29 + 50);
  expect(workMonths([{ from: '2020-01-01', to: '2021-01-01' }, { from: '2020-06-01', to: '2020-09-01' }], '2026-11-21')).toBe(12);
  expect(workMonths([{ from: '2030-01-01' }, { from: 'x' }], '2026-11-21')).toBe(0);
});

// A fact in one line: 电子商务师 2020-03-01 至 2022-08-31
import { rankOf } from './portalFactForm';
import type { Fact, FactList } from './portalFacts';

type Say = (key: string, values?: Record<string, unknown>) => string;
const join = (...parts: unknown[]) => parts.filter((p) => p !== undefined && p !== null && p !== '').join(' ');
const said = (fact: Fact, key: string) => String(fact[key] ?? '');

export function describeFact(t: Say, list: FactList, fact: Fact): string {
  const word = (key: string) => (fact[key] ? t(`portal.fact.${key}.${said(fact, key)}`) : '');
  if (list === 'work') {
    const [from, to] = [said(fact, 'from'), said(fact, 'to')];
    return join(fact['occupation'], fact['name'], to ? t('portal.home.span', { from, to }) : `${from} ${t('portal.fact.still')}`);
  }
  if (list === 'certificates') {
    const rank = rankOf(fact);
    return join(fact['occupation'], rank ? t(`portal.fact.ranks.${rank.replace(':', '_')}`) : '', fact['issued']);
  }
  if (list === 'titles') return join(fact['name'], word('rank'), fact['awarded']);
  return join(fact['name'], word('institution') || word('attainment'), word('class'), fact['major'], word('status'), fact['date']);
}

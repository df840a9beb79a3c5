// An applicant's facts as the form edits them: what is complete, what is sent, what counts as
// related. The server judges; here is only what a form must know by itself. Pure.

export const FACT_LISTS = ['work', 'certificates', 'titles', 'education'] as const;
export type FactList = (typeof FACT_LISTS)[number];
type Value = string | number | boolean | null | undefined;
export type Fact = Record<string, Value>;
export type Facts = Record<FactList, Fact[]>;

/** Evidence kinds of the server, by list. */
export const EVIDENCE_KIND: Record<FactList, string> = { work: 'work', certificates: 'certificate', titles: 'title', education: 'education' };

/** What a registrar has set; never sent by the form. */
const REGISTRARS = ['evidence', 'scope'];
const DATES: Record<FactList, string[]> = { work: ['from', 'to'], certificates: ['issued'], titles: ['awarded'], education: ['date'] };

export function readFacts(stored: unknown): Facts {
  const from = (stored ?? {}) as Partial<Record<FactList, unknown>>;
  const list = (name: FactList): Fact[] => (Array.isArray(from[name]) ? (from[name] as Fact[]).map((f) => ({ ...f })) : []);
  return { work: list('work'), certificates: list('certificates'), titles: list('titles'), education: list('education') };
}

const valid = (y: number, m: number, d: number) => {
  const date = new Date(Date.UTC(y, m - 1, d));
  return date.getUTCFullYear() === y && date.getUTCMonth() === m - 1 && date.getUTCDate() === d;
};

/** 2020.3.1, 2020/03/01, 20200301, 2020年3月1日 → 2020-03-01; undefined when it is no day. */
export function looseDay(text: string): string | undefined {
  const plain = text.trim();
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(plain) ?? /^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?$/.exec(plain);
  if (!match) return undefined;
  const [y, m, d] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (y < 1900 || y > 2199 || !valid(y, m, d)) return undefined;
  return `${match[1]}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
}

const text = (fact: Fact, key: string): string => String(fact[key] ?? '').trim();

/** What a list's fact still needs before it can be judged; [] = nothing. Names of its members. */
export function lacks(list: FactList, fact: Fact): string[] {
  const out: string[] = [];
  const day = (key: string, needed: boolean) => {
    const t = text(fact, key);
    if (t ? !looseDay(t) : needed) out.push(key);
  };
  if (list === 'work') {
    if (!text(fact, 'occupation') && !fact['scope']) out.push('occupation');
    day('from', true);
    day('to', false);
    const [from, to] = [looseDay(text(fact, 'from')), looseDay(text(fact, 'to'))];
    if (from && to && to < from) out.push('to');
  } else if (list === 'certificates') {
    if (!text(fact, 'occupation') && !fact['scope']) out.push('occupation');
    if (fact['level'] === undefined && !text(fact, 'grade')) out.push('level');
    day('issued', true);
  } else if (list === 'titles') {
    if (!text(fact, 'rank')) out.push('rank');
    day('awarded', true);
  } else {
    if (!text(fact, 'institution') && !text(fact, 'attainment')) out.push('institution');
    if (!text(fact, 'status')) out.push('status');
    day('date', false);
  }
  return [...new Set(out)];
}

/** Without what is blank and what is the registrar's; days in the server's form where they are days. */
function said(list: FactList, fact: Fact): Fact {
  const out: Fact = {};
  for (const [key, value] of Object.entries(fact)) {
    if (REGISTRARS.includes(key) || value === null || value === undefined || value === '' || value === false) continue;
    if (typeof value !== 'string') out[key] = value;
    else if (DATES[list].includes(key)) out[key] = looseDay(value) ?? value.trim();
    else if (value.trim()) out[key] = value.trim();
  }
  return out;
}

const eachList = (make: (list: FactList) => Fact[]): Facts => ({ work: make('work'), certificates: make('certificates'), titles: make('titles'), education: make('education') });

/** The body of a save: everything, half-filled facts too. */
export const factsToSave = (facts: Facts): Facts => eachList((list) => facts[list].map((f) => said(list, f)));

/**
 * The body of a question to the judge: complete facts only. `assumed` leaves out who has proved
 * what, so that the answer is what will hold once everything is proved.
 */
export const factsToJudge = (facts: Facts, assumed: boolean): Facts =>
  eachList((list) =>
    facts[list]
      .filter((f) => !lacks(list, f).length)
      .map((f) => ({ ...said(list, f), ...(f['scope'] ? { scope: f['scope'] } : {}), ...(assumed ? {} : { evidence: f['evidence'] === 'proved' ? 'proved' : 'claimed' }) })),
  );

/** A new fact and the name that proofs hang on; education is mostly finished. */
export function newFact(list: FactList): Fact {
  const id = Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return list === 'education' ? { id, status: 'graduated' } : { id };
}
export const factId = (fact: Fact): string => text(fact, 'id');

/** A change by the applicant: what the registrar found about the old fact no longer holds. */
export function changeFact(fact: Fact, key: string, value: Value): void {
  fact[key] = value;
  delete fact['evidence'];
  delete fact['scope'];
}

/** Takes over what the server knows about facts that are still the same. */
export function adoptRulings(facts: Facts, stored: unknown): void {
  const theirs = readFacts(stored);
  for (const list of FACT_LISTS) {
    facts[list].forEach((fact, i) => {
      const known = theirs[list][i];
      if (!known || JSON.stringify(sorted(said(list, fact))) !== JSON.stringify(sorted(said(list, known)))) return;
      for (const key of REGISTRARS) if (known[key] !== undefined) fact[key] = known[key];
    });
  }
}
const sorted = (fact: Fact) => Object.entries(fact).sort(([a], [b]) => (a < b ? -1 : 1));

// --------------------------------------------------------------------------- names
export interface NameList {
  id?: string;
  scope: string;
  name: string;
  text: string;
  items: string[];
  aliases?: { name: string; means: string }[];
}
/** What the form needs of a programme file. */
export interface ProgrammeLists {
  title?: string;
  occupation?: { name: string; names?: string[] };
  occupations?: NameList[];
  majors?: NameList[];
  eligibility?: { level: number; text: string; src?: { section?: string } }[];
}
export type Scope = 'own' | 'related' | 'other';

const bare = (name: string) => name.replace(/[ \t\u3000]/g, '');
const onList = (lists: NameList[] | undefined, name: string) =>
  lists?.find((l) => l.items.some((i) => bare(i) === name) || l.aliases?.some((a) => bare(a.name) === name));

export function occupationScope(p: ProgrammeLists, name: string): Scope {
  const plain = bare(name);
  const own = [p.occupation?.name ?? '', ...(p.occupation?.names ?? [])].map(bare);
  if (plain && own.includes(plain)) return 'own';
  return (onList(p.occupations, plain)?.scope as Scope | undefined) ?? 'other';
}

export function majorScope(p: ProgrammeLists, name: string): Scope {
  const plain = bare(name);
  const list = onList(p.majors, plain) ?? (plain.endsWith('专业') ? onList(p.majors, plain.slice(0, -2)) : undefined);
  return (list?.scope as Scope | undefined) ?? 'other';
}

/** What a list of suggestions offers, most likely first. */
export function occupationNames(p: ProgrammeLists): string[] {
  const lists = (p.occupations ?? []).flatMap((l) => [...l.items, ...(l.aliases ?? []).map((a) => a.name)]);
  return [...new Set([...(p.occupation ? [p.occupation.name] : []), ...lists])];
}
export const majorNames = (p: ProgrammeLists): string[] => [...new Set((p.majors ?? []).flatMap((l) => l.items))];

// --------------------------------------------------------------------------- years
const months = (from: string, to: string) => {
  const [fy, fm, fd] = from.split('-').map(Number) as [number, number, number];
  const [ty, tm, td] = to.split('-').map(Number) as [number, number, number];
  return (ty - fy) * 12 + (tm - fm) - (td < fd ? 1 : 0);
};

/** Whole months of all periods together, overlaps once, as of `today` (YYYY-MM-DD). */
export function workMonths(work: Fact[], today: string): number {
  const spans = work
    .map((f) => ({ from: looseDay(text(f, 'from')) ?? '', to: looseDay(text(f, 'to')) ?? today }))
    .map((s) => ({ from: s.from, to: s.to > today ? today : s.to }))
    .filter((s) => s.from && s.from < s.to)
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  let sum = 0;
  let run: { from: string; to: string } | undefined;
  for (const span of spans) {
    if (run && span.from <= run.to) {
      if (span.to > run.to) run.to = span.to;
      continue;
    }
    if (run) sum += months(run.from, run.to);
    run = { ...span };
  }
  return run ? sum + months(run.from, run.to) : sum;
}

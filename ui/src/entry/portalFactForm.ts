// The fields of each kind of fact, in the order in which they are asked. Words are
// portal.fact.<list>.<key> and, for choices, portal.fact.<key>.<value>.
import type { Fact, FactList } from './portalFacts';

export interface FactField {
  key: string;
  kind: 'text' | 'day' | 'choice' | 'name' | 'check' | 'rank';
  /** Values of a choice; the words are portal.fact.<key>.<value>. */
  values?: readonly string[];
  /** What a ticked box says; true unless given. Boxes are asked only where the programme's clauses name them. */
  ticked?: string;
  /** Shown only when this holds. */
  when?: (fact: Fact) => boolean;
  max?: number;
}

const TECHNICAL = ['technical_school', 'senior_technical_school', 'technician_college'];
const HIGHER = ['higher_vocational_college', 'regular_higher_education'];
const oneOf = (key: string, values: string[]) => (fact: Fact) => values.includes(String(fact[key] ?? ''));

export const FACT_FIELDS: Record<FactList, FactField[]> = {
  work: [
    { key: 'occupation', kind: 'name', max: 60 },
    { key: 'name', kind: 'text', max: 60 },
    { key: 'from', kind: 'day' },
    { key: 'to', kind: 'day' },
  ],
  certificates: [
    { key: 'occupation', kind: 'name', max: 60 },
    { key: 'level', kind: 'rank' },
    { key: 'issued', kind: 'day' },
  ],
  titles: [
    { key: 'name', kind: 'text', max: 60 },
    { key: 'rank', kind: 'choice', values: ['junior', 'intermediate', 'senior'] },
    { key: 'specialty', kind: 'choice', values: ['matched', 'related', 'other'] },
    { key: 'awarded', kind: 'day' },
  ],
  education: [
    { key: 'institution', kind: 'choice', values: [...TECHNICAL, 'secondary_vocational_school', ...HIGHER] },
    { key: 'class', kind: 'choice', values: ['senior_worker_class', 'pre_technician_class', 'technician_class'], when: oneOf('institution', TECHNICAL) },
    { key: 'name', kind: 'text', max: 60 },
    { key: 'major', kind: 'name', max: 60 },
    { key: 'attainment', kind: 'choice', values: ['senior_high', 'equivalent_to_senior_high', 'secondary_vocational', 'associate', 'bachelor', 'postgraduate'] },
    { key: 'status', kind: 'choice', values: ['graduated', 'final_year', 'enrolled'] },
    { key: 'date', kind: 'day', when: oneOf('status', ['graduated']) },
    { key: 'institution_relevance', kind: 'check', ticked: 'related', when: oneOf('institution', [...TECHNICAL, 'secondary_vocational_school', 'higher_vocational_college']) },
    { key: 'evaluated', kind: 'check', when: oneOf('institution', HIGHER) },
  ],
};

/** Level and grade of a certificate are one question: "5" … "1", "junior", "ccia:junior". */
export const RANKS = ['5', '4', '3', '2', '1', 'junior', 'intermediate', 'senior', 'ccia:junior', 'ccia:intermediate', 'ccia:senior'] as const;

export function rankOf(fact: Fact): string {
  if (typeof fact['level'] === 'number') return String(fact['level']);
  const grade = String(fact['grade'] ?? '');
  return grade && fact['scheme'] === 'ccia' ? `ccia:${grade}` : grade;
}

/** What a chosen rank means for the members of a certificate. */
export function rankMembers(rank: string): { level: number | undefined; grade: string | undefined; scheme: string | undefined } {
  if (/^\d$/.test(rank)) return { level: Number(rank), grade: undefined, scheme: undefined };
  const [scheme, grade] = rank.includes(':') ? (rank.split(':') as [string, string]) : [undefined, rank];
  return { level: undefined, grade: grade || undefined, scheme };
}

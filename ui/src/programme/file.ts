// A programme file as the pages read it (data/programmes/*.json), and what is sought in it. Pure.
export interface Src {
  doc: string;
  section?: string;
}
export interface Point {
  id: string;
  code: string;
  text: string;
}
export interface Content {
  id: string;
  code: string;
  name: string;
  skills?: Point[];
  knowledge?: Point[];
}
export interface Fn {
  id: string;
  code: string;
  name: string;
  level: number;
  directions: string[];
  src?: Src;
  contents: Content[];
}
export interface Cell {
  columns: string[];
  percent?: number;
  not_printed?: boolean;
}
export interface Weights {
  id: string;
  name: string;
  note?: string;
  src?: Src;
  columns: { key: string; level: number; directions: string[] }[];
  rows: { group: string; name: string; cells: Cell[]; note?: string }[];
}
interface Said {
  text?: string;
  src?: Src;
  note?: string;
}
export interface NameList {
  id: string;
  name: string;
  text?: string;
  items: string[];
  aliases?: { name: string; means: string }[];
  src?: Src;
}
export interface Basic {
  id: string;
  code: string;
  name: string;
  sections?: { id: string; code: string; name: string; items?: { id?: string; code?: string; name?: string; text?: string }[] }[];
}
export interface Module {
  no: string;
  name: string;
  courses: { name: string }[];
}
export interface ProgrammeFile {
  id: string;
  title: string;
  name: string;
  edition?: string;
  issuer?: string;
  aliases?: string[];
  occupation?: { code?: string; name: string; code_aliases?: string[] };
  documents?: { id: string; title: string; note?: string }[];
  levels: { level: number; name: string; posts?: string[]; duties?: string[]; src?: Src }[];
  directions: { id: string; name: string; levels: number[] }[];
  basic?: Basic[];
  functions?: Fn[];
  modules?: Module[];
  weights?: Weights[];
  eligibility?: (Said & { level: number; clauses: (Said & { id: string; printed_no?: string })[] })[];
  occupations?: NameList[];
  majors?: NameList[];
  terms?: { id: string; printed_code?: string; name: string; text: string }[];
  components?: (Said & { id: string; name: string; levels: number[]; modes?: string[]; min_minutes?: number; full_millimarks: number; pass_millimarks: number; pass_text?: string })[];
  staffing?: (Said & { component: string; role: string; name: string; candidates_per_staff?: number; min_staff?: number })[];
  combine?: (Said & { component: string })[];
  training_hours?: (Said & { level: number; min_hours: number })[];
  teachers?: (Said & { level: number })[];
  venues?: (Said & { use: string })[];
  deadlines?: (Said & { id: string; from: string; days: number; working?: boolean; before?: boolean })[];
  fees?: (Said & { id: string; name: string; fen: number; per: string })[];
  resit?: Said;
  entry?: Said;
  schedule?: Said & { readings?: string[] };
  materials?: (Said & { id: string; name: string })[];
  certificate?: Said & { name: string };
}

const words = (q: string): string[] => q.toLowerCase().split(/\s+/).filter(Boolean);
const has = (text: string, all: string[]) => all.every((w) => text.toLowerCase().includes(w));

/** Functions with only those contents and points in which all words occur; a hit above keeps what is below. */
export function seek(functions: Fn[], q: string): Fn[] {
  const all = words(q);
  if (!all.length) return functions;
  const points = (list: Point[] | undefined) => (list ?? []).filter((p) => has(`${p.code} ${p.text}`, all));
  return functions.flatMap((f) => {
    if (has(`${f.code} ${f.name}`, all)) return [f];
    const contents = f.contents.flatMap((c) => {
      if (has(`${c.code} ${c.name}`, all)) return [c];
      const found = { ...c, skills: points(c.skills), knowledge: points(c.knowledge) };
      return found.skills.length || found.knowledge.length ? [found] : [];
    });
    return contents.length ? [{ ...f, contents }] : [];
  });
}

/** The same of areas that no function owns. */
export function seekBasic(areas: Basic[], q: string): Basic[] {
  const all = words(q);
  if (!all.length) return areas;
  return areas.flatMap((b) => {
    if (has(`${b.code} ${b.name}`, all)) return [b];
    const sections = (b.sections ?? []).flatMap((s) => {
      if (has(`${s.code} ${s.name}`, all)) return [s];
      const items = (s.items ?? []).filter((i) => has(`${i.code ?? ''} ${i.name ?? ''} ${i.text ?? ''}`, all));
      return items.length ? [{ ...s, items }] : [];
    });
    return sections.length ? [{ ...b, sections }] : [];
  });
}

export function seekModules(modules: Module[], q: string): Module[] {
  const all = words(q);
  return modules.flatMap((m) => {
    if (has(m.name, all)) return [m];
    const courses = m.courses.filter((c) => has(c.name, all));
    return courses.length ? [{ ...m, courses }] : [];
  });
}

/** Modules whose courses do not stand among the areas already: items are tagged with areas, so where both are given they say the same. */
export const modulesBeside = (modules: Module[], areas: Basic[]): Module[] =>
  modules.filter((m) => !areas.some((b) => b.name === m.name && m.courses.every((c) => b.sections?.some((s) => s.name === c.name))));

/** Names in which all words occur; all of them when the name of the list is meant. */
export const seekNames = (list: NameList, q: string): string[] => {
  const all = words(q);
  return has(list.name, all) ? list.items : list.items.filter((i) => has(i, all));
};

export const seekTerms = <T extends { name: string; text: string }>(terms: T[], q: string): T[] => terms.filter((one) => has(`${one.name} ${one.text}`, words(q)));

export const counts = (functions: Fn[]) => {
  const contents = functions.flatMap((f) => f.contents);
  return { functions: functions.length, contents: contents.length, skills: contents.reduce((n, c) => n + (c.skills?.length ?? 0), 0), knowledge: contents.reduce((n, c) => n + (c.knowledge?.length ?? 0), 0) };
};

/** 国家标准 1.9.1 — the printed place of a rule. */
export const place = (file: ProgrammeFile, src?: Src): string => {
  if (!src) return '';
  const doc = file.documents?.find((d) => d.id === src.doc);
  return [doc && (file.documents?.length ?? 0) > 1 ? doc.title : '', src.section ?? ''].filter(Boolean).join(' ');
};

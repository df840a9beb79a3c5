// Names of a programme's parts; the code where the list has not come yet.
import type { ProgrammeRow } from '../bank/types';

type Rows = readonly ProgrammeRow[] | undefined;
const levels = (rows: Rows, programme: string) => rows?.find((p) => p.id === programme)?.levels ?? [];
export const programmeName = (rows: Rows, programme: string): string => rows?.find((p) => p.id === programme)?.name ?? programme;
export const levelName = (rows: Rows, programme: string, level: number): string => levels(rows, programme).find((l) => l.level === level)?.name ?? String(level);
export const directionName = (rows: Rows, programme: string, direction: string | null): string =>
  direction ? (levels(rows, programme).flatMap((l) => l.directions).find((d) => d.id === direction)?.name ?? direction) : '';
export const componentName = (rows: Rows, programme: string, component: string): string => levels(rows, programme).flatMap((l) => l.components).find((c) => c.id === component)?.name ?? component;

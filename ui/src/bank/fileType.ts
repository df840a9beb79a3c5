/** Browsers name the type of a file as they please; the server wants the true one. */
export function fileType(name: string): string {
  if (/\.xlsx$/i.test(name)) return 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  if (/\.csv$/i.test(name)) return 'text/csv';
  return 'application/x-ndjson';
}

/**
 * Where a spreadsheet may take what follows for a formula (OWASP, "CSV Injection"): at the beginning of a cell, and after
 * what divides cells where another separator is usual. Apostrophes in between count, so that each guard comes off again.
 */
const FORMULA_START = /(^|[;\t\r\n])(?='*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])|^(?='*[\t\r\n])/g;
const GUARD = /(^|[;\t\r\n])'(?='*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])|^'(?='*[\t\r\n])/g;
const NEEDS_QUOTES = /[",;\r\n\t]|^\s|\s$/;
/** Without it, spreadsheets read the file in the computer's own encoding. */
const BYTE_ORDER_MARK = '\uFEFF';

export type CsvValue = string | number | boolean | null;

/**
 * One cell, quoted where RFC 4180 asks for it. Text that a spreadsheet would run gets an apostrophe in front, which
 * shows as text there and is taken off again by the import. Numbers are never text, so a negative one stays as it is.
 */
export function csvCell(value: CsvValue): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = value.replaceAll(FORMULA_START, (_, before: string | undefined) => `${before ?? ''}'`);
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export type CsvLine = readonly CsvValue[];

const csvLine = (values: CsvLine): string => `${values.map(csvCell).join(',')}\r\n`;

/** Lines of a file; `first`: it begins with them. */
export const csvLines = (lines: readonly CsvLine[], first: boolean): string =>
  (first ? BYTE_ORDER_MARK : '') + lines.map(csvLine).join('');

/** A whole file: byte order mark, header, lines. */
export const csvFile = (header: readonly string[], lines: readonly CsvLine[]): string =>
  csvLines([header, ...lines], true);

/** Without what {@link csvCell} put in front of formulas. */
export const withoutGuard = (text: string): string =>
  text.replaceAll(GUARD, (_, before: string | undefined) => before ?? '');

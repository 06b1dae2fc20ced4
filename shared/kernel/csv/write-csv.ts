/** What a spreadsheet takes for a formula or a command when a cell begins with it (OWASP, "CSV Injection"). */
const FORMULA_START = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
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
  const safe = FORMULA_START.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const csvLine = (values: readonly CsvValue[]): string => `${values.map(csvCell).join(',')}\r\n`;

/** A whole file: byte order mark, header, lines. */
export const csvFile = (header: readonly string[], lines: readonly (readonly CsvValue[])[]): string =>
  BYTE_ORDER_MARK + [header, ...lines].map(csvLine).join('');

/** What {@link csvCell} put in front of a text, taken off. */
export const withoutGuard = (text: string): string =>
  text.startsWith("'") && FORMULA_START.test(text.slice(1)) ? text.slice(1) : text;

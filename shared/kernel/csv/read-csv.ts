import { OwnError } from '../errors.ts';

/** A line of the file: where it begins, and its cells. */
export interface CsvRecord {
  /** From 1, as editors and spreadsheets count, line breaks inside quotes included. */
  readonly line: number;
  readonly cells: readonly string[];
}

export type CsvFault = 'QUOTE_NOT_CLOSED' | 'TEXT_AFTER_QUOTE';

/** The file cannot be divided into cells. */
export class CsvFaultError extends OwnError {
  override readonly name = 'CsvFaultError';
  constructor(
    readonly fault: CsvFault,
    readonly line: number,
  ) {
    super(`${fault} in line ${line}`);
  }
}

export const SEPARATORS = [',', ';', '\t'] as const;
export type Separator = (typeof SEPARATORS)[number];

/** A first line tells its separator long before this; a file may be one line of any length. */
const LOOKED_AT = 65_536;

/** The separator that occurs most often outside quotes in the first line that holds anything; a comma when none does. */
export function detectSeparator(text: string): Separator {
  const counts = new Map<string, number>();
  let quoted = false;
  let seen = false;
  for (const character of text.slice(0, LOOKED_AT)) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) {
      if (seen) break;
    } else if (!quoted) counts.set(character, (counts.get(character) ?? 0) + 1);
    if (character.trim() !== '') seen = true;
  }
  return SEPARATORS.reduce<Separator>(
    (best, one) => ((counts.get(one) ?? 0) > (counts.get(best) ?? 0) ? one : best),
    ',',
  );
}

/**
 * RFC 4180 with the line breaks of all systems (CRLF, LF, CR). Quotes inside an unquoted cell are kept as text; lines
 * that hold nothing are left out; the end of the file needs no line break.
 *
 * @param mostCells of a line that has more, so many and one more are kept: what a line costs is bounded
 * @throws CsvFaultError with the line in which the trouble begins
 */
export function* readCsv(text: string, separator: Separator, mostCells = Infinity): Generator<CsvRecord> {
  let line = 1;
  let begun = 1;
  let cells: string[] = [];
  let at = 0;

  const quotedCell = (): string => {
    const opened = line;
    let cell = '';
    at += 1;
    for (;;) {
      const close = text.indexOf('"', at);
      if (close === -1) throw new CsvFaultError('QUOTE_NOT_CLOSED', opened);
      const piece = text.slice(at, close);
      line += piece.match(/\r\n|\r|\n/g)?.length ?? 0;
      cell += piece;
      if (text[close + 1] !== '"') {
        at = close + 1;
        return cell;
      }
      cell += '"';
      at = close + 2;
    }
  };
  const plainCell = (): string => {
    const from = at;
    while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at += 1;
    return text.slice(from, at);
  };

  while (at < text.length) {
    const content = text[at] === '"' ? quotedCell() : plainCell();
    if (cells.length <= mostCells) cells.push(content);
    const next = text[at];
    if (next === separator) {
      at += 1;
      // A separator at the very end still opens a last, empty cell.
      if (at < text.length) continue;
      if (cells.length <= mostCells) cells.push('');
    } else if (next !== undefined && next !== '\n' && next !== '\r') {
      throw new CsvFaultError('TEXT_AFTER_QUOTE', line);
    }
    if (cells.some((cell) => cell.trim() !== '')) yield { line: begun, cells };
    cells = [];
    if (at < text.length) at += text.startsWith('\r\n', at) ? 2 : 1;
    line += 1;
    begun = line;
  }
}

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText } from '#shared/kernel/csv/decode-text.ts';
import { CsvFaultError, detectSeparator, readCsv, SEPARATORS } from '#shared/kernel/csv/read-csv.ts';
import { csvCell, csvFile, withoutGuard } from '#shared/kernel/csv/write-csv.ts';

const cellsOf = (text: string, separator = detectSeparator(text)) =>
  [...readCsv(text, separator)].map(({ cells }) => cells);

const faultOf = (text: string) => {
  try {
    return cellsOf(text, ',');
  } catch (error) {
    return error instanceof CsvFaultError ? [error.fault, error.line] : error;
  }
};

describe('writing', () => {
  test.each(['=1+1', '+49', '-2', '@SUM(A1)', '\tx', '\rx', '＝1'])('%j is shown, not run', (text) => {
    expect(csvCell(text).replaceAll('"', '')).toMatch(/^'/);
  });

  test('quotes what holds quotes, separators or line breaks; numbers stay numbers', () => {
    expect(csvCell('say "hi"')).toBe('"say ""hi"""');
    expect(csvCell('a;b')).toBe('"a;b"');
    expect(csvCell(-3)).toBe('-3');
    expect(csvCell(null)).toBe('');
  });

  test('begins with a byte order mark and ends every line with CRLF', () => {
    expect(csvFile(['a'], [['b']])).toBe('\uFEFFa\r\nb\r\n');
  });
});

describe('reading', () => {
  test('takes line breaks of all systems, leaves out empty lines and counts lines inside quotes', () => {
    const text = 'a,b\r\n\r\n"x\ny",z\rq,\n';
    expect([...readCsv(text, ',')]).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 3, cells: ['x\ny', 'z'] },
      { line: 5, cells: ['q', ''] },
    ]);
  });

  test('keeps of a line with too many cells as many as tell it, and the lines after it whole', () => {
    expect([...readCsv('a,b\n1,2,"x\ny",4,5,\n3,4', ',', 2)]).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', '2', 'x\ny'] },
      { line: 4, cells: ['3', '4'] },
    ]);
  });

  test('says in which line a quote is not closed, or text follows one', () => {
    expect(faultOf('a\n"b\nc')).toEqual(['QUOTE_NOT_CLOSED', 2]);
    expect(faultOf('"a"b')).toEqual(['TEXT_AFTER_QUOTE', 1]);
  });

  test.each([
    ['a;b;c\n1,2;3', ';'],
    ['a\tb\n', '\t'],
    ['"a;b;c",d\n', ','],
    ['alone', ','],
  ])('finds the separator of %j', (text, separator) => {
    expect(detectSeparator(text)).toBe(separator);
  });

  test('gives back what was written, in any separator and however strange the text', () => {
    const cell = fc.string({
      unit: fc.oneof(fc.constantFrom(...Array.from(',;\t"\'=+-@ \r\n')), fc.string({ maxLength: 1 })),
    });
    const table = fc.array(fc.array(cell, { maxLength: 5 }), { maxLength: 8 });
    fc.assert(
      fc.property(table, fc.constantFrom(...SEPARATORS), (rows, separator) => {
        // Lines that hold nothing are left out, so each of these holds something.
        const lines = rows.map((cells) => ['x', ...cells]);
        const text = lines.map((cells) => cells.map(csvCell).join(separator)).join('\r\n');
        const back = cellsOf(text, separator).map((cells) => cells.map(withoutGuard));
        expect(back).toEqual(lines);
      }),
      { numRuns: 1_000 },
    );
  });

  test.each(['=1+1', "'=x", 'x;=1+1', 'x\t+1', "x;'-1", 'a\n@b', '＝1'])(
    'leaves nothing of %j that begins like a formula, whatever separator a spreadsheet takes',
    (text) => {
      const written = csvCell(text);
      for (const cell of written.split(/[;,\t\r\n]/))
        expect(cell.replace(/^"/, '')).not.toMatch(/^[=+\-@＝]/);
      expect(withoutGuard(cellsOf(`${written},x`, ',')[0]?.[0] ?? '')).toBe(text);
    },
  );

  test('ends for any text whatever, with cells or a fault', () => {
    const ends = fc.property(fc.string(), fc.constantFrom(...SEPARATORS), (text, separator) => {
      try {
        return cellsOf(text, separator).length <= text.length + 1;
      } catch (error) {
        return error instanceof CsvFaultError;
      }
    });
    expect(fc.check(ends, { numRuns: 1_000 }).failed).toBe(false);
  });
});

describe('the encoding', () => {
  const text = 'Vorname;Name\nZoë;Müller\nJosé;Peña\n';
  const utf16 = (bigEndian: boolean) => {
    const bytes = Buffer.from(text, 'utf16le');
    return bigEndian ? bytes.swap16() : bytes;
  };
  test.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\uFEFF${text}`)],
    ['windows-1252', Buffer.from(text, 'latin1')],
    ['utf-16le', utf16(false)],
    ['utf-16be', utf16(true)],
    ['utf-16le', Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(false)])],
    ['utf-16be', Buffer.concat([Buffer.from([0xfe, 0xff]), utf16(true)])],
  ])('%s is found, and a byte order mark is no text', (encoding, bytes) => {
    expect(decodeText(bytes)).toEqual({ text, encoding });
  });

  test('a few damaged bytes in UTF-8 damage their own characters only', () => {
    const bytes = Buffer.concat([
      Buffer.from('José,Núñez\nZo'),
      Buffer.from([0xc3]),
      Buffer.from('\nAna,Peña\n'),
    ]);
    expect(decodeText(bytes)).toEqual({ encoding: 'utf-8', text: 'José,Núñez\nZo\uFFFD\nAna,Peña\n' });
  });
});

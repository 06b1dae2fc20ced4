import {
  fieldName,
  importable,
  importedLabel,
  namesByLine,
  refusedCsv,
  rowLabel,
  typeOf,
} from '#web/features/competitors/import/import-labels.ts';
import { expect, test } from 'vitest';

const bytes = (text: string) => new TextEncoder().encode(text);
const result = { total: 24, new: 6, changed: 3, unchanged: 12, refused: 3 };

test('rows are recognized by the names that the file itself gives to their lines', () => {
  const file = bytes('first_name;last_name;grade\r\nMira;Okafor;9\r\n\r\n"Jo\nAnn";Vale;10\r\n');
  expect([...namesByLine(file)]).toEqual([
    [2, 'Mira Okafor'],
    [4, 'Jo\nAnn Vale'],
  ]);
});

test('a file that cannot be read here gives no names, and is left to the server', () => {
  expect(namesByLine(bytes('nonsense\n"not closed')).size).toBe(0);
  expect(namesByLine(new Uint8Array()).size).toBe(0);
});

test('only UTF-8 is sent as text', () => {
  expect(typeOf(bytes('first_name,last_name\nZoë,Vale\n'))).toBe('text/csv');
  expect(typeOf(new Uint8Array([0x5a, 0x6f, 0xeb, 0x0a]))).toBe('application/octet-stream');
});

test('what happens to a row is said in words', () => {
  expect(rowLabel({ outcome: 'new', message: null, fields: [] })).toBe('Added to your competitors');
  expect(rowLabel({ outcome: 'changed', message: null, fields: ['grade'] })).toBe('Grade is changed');
  expect(rowLabel({ outcome: 'changed', message: null, fields: ['grade', 'guardianEmail'] })).toBe(
    'Grade, Guardian email are changed',
  );
  expect(rowLabel({ outcome: 'unchanged', message: null, fields: [] })).toBe('Nothing to do');
  expect(rowLabel({ outcome: 'refused', message: 'email: Enter an address.', fields: [] })).toBe(
    'email: Enter an address.',
  );
  expect(fieldName('firstName')).toBe('First name');
});

test('what is written is counted, and what stayed out', () => {
  expect(importable({ result })).toBe(9);
  expect(importable({ result: null })).toBe(0);
  expect(importedLabel({ result })).toBe('6 competitors added, 3 changed; 3 rows refused.');
  expect(importedLabel({ result: { new: 1 } })).toBe('1 competitor added, 0 changed.');
});

test('refused rows are a file that a spreadsheet opens without running anything', () => {
  expect(
    refusedCsv([
      { line: 3, message: 'email: Enter an address, like name@example.org.' },
      { line: null, message: '=cmd' },
    ]),
  ).toBe('\uFEFFline,reason\r\n3,"email: Enter an address, like name@example.org."\r\n,\'=cmd\r\n');
});

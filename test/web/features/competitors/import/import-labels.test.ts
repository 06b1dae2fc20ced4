import {
  fieldName,
  importable,
  importedLabel,
  readHere,
  refusedCsv,
  rowLabel,
} from '#web/features/competitors/import/import-labels.ts';
import { expect, test } from 'vitest';

const bytes = (text: string) => new TextEncoder().encode(text);
const result = { total: 24, new: 6, changed: 3, unchanged: 12, refused: 3 };

test('rows are recognized by the names that the file itself gives to their lines', () => {
  const file = bytes('first_name;last_name;grade\r\nMira;Okafor;9\r\n\r\n"Jo\nAnn";Vale;10\r\n');
  expect([...(readHere(file)?.names ?? [])]).toEqual([
    [2, 'Mira Okafor'],
    [4, 'Jo\nAnn Vale'],
  ]);
});

test('a file that cannot be read here is left to the server', () => {
  expect(readHere(bytes('nonsense\n"not closed'))).toBeNull();
  expect(readHere(new Uint8Array())).toBeNull();
});

test('whatever the encoding, UTF-8 is sent, and how the file was read is said', async () => {
  const latin = new Uint8Array([...bytes('first_name;last_name;homeroom\nZo'), 0xeb, ...bytes(';Vale;B4\n')]);
  const read = readHere(latin);
  expect(read?.sentences).toEqual([
    'Read as Windows-1252, divided by semicolons.',
    'Left out, since an import does not use it: “homeroom”.',
  ]);
  expect(read?.sent.type).toBe('text/csv');
  expect(await read?.sent.text()).toBe('first_name;last_name;homeroom\nZoë;Vale;B4\n');
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

test('refused rows come with all their cells, and run nothing in a spreadsheet', () => {
  const rows = [
    { line: 3, message: 'email: Enter an address, like name@example.org.' },
    { line: null, message: '=cmd' },
  ];
  const file = readHere(bytes('first_name,last_name,email\nMira,Okafor,\nJuno,=Vale,juno\n'));
  expect(refusedCsv(rows, file)).toBe(
    '\uFEFFline,reason,first_name,last_name,email\r\n' +
      '3,"email: Enter an address, like name@example.org.",Juno,\'=Vale,juno\r\n,\'=cmd\r\n',
  );
  expect(refusedCsv(rows, null)).toMatch(/^\uFEFFline,reason\r\n/);
  expect(readHere(bytes(refusedCsv(rows, file)))?.sentences).toEqual(['Read as UTF-8, divided by commas.']);
});

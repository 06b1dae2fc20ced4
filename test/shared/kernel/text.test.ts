import * as fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import {
  cutText,
  cutToBytes,
  dayInput,
  emailInput,
  idInput,
  textInput,
  tidyText,
} from '#shared/kernel/text.ts';

const name = textInput('the first name', { max: 100 });
const saidOf = (schema: z.ZodType, value: unknown): unknown => {
  const result = schema.safeParse(value);
  return result.success ? result.data : result.error.issues.map(({ message }) => message);
};

describe('A text that a person typed', () => {
  test.each([
    ['zero-width space', 'A\u200Bna', 'Ana'],
    ['byte order mark', '\uFEFFAna', 'Ana'],
    ['soft hyphen', 'A\u00ADna', 'Ana'],
    ['bidirectional override', '\u202EAna\u202C', 'Ana'],
    ['isolate', '\u2066Ana\u2069', 'Ana'],
    ['word joiner', 'A\u2060na', 'Ana'],
    ['joiner between Latin letters', 'A\u200Dn\u200Ca', 'Ana'],
    ['Hangul filler', 'Ana\u3164', 'Ana'],
    ['braille blank', '\u2800Ana', 'Ana'],
    ['tag characters', 'Ana\u{E0041}\u{E0042}', 'Ana'],
    ['NUL', 'A\u0000na', 'Ana'],
    ['variation selector', 'A\uFE0Fna', 'Ana'],
    ['no-break and ideographic spaces', '\u00A0Ana\u3000 Lee\u2003', 'Ana Lee'],
    ['line breaks and tabs', 'Ana\r\n\tLee', 'Ana Lee'],
    ['letters with separate accents', 'Ame\u0301lie', 'Amélie'],
  ])('is mended when it holds: %s', (_, typed, mended) => {
    expect(saidOf(name, typed)).toBe(mended);
  });

  test.each([
    ['a non-joiner in Persian', 'می\u200Cخواهم'],
    ['a joiner in Devanagari', 'क्\u200Dष'],
    ['a family of emoji', '👩\u200D👧'],
    ['a typographic apostrophe', 'O’Brien'],
  ])('keeps %s', (_, typed) => {
    expect(saidOf(name, typed)).toBe(typed);
  });

  test.each([
    ['only what nobody sees', '\u200B\u2060 \u202E', 'Enter the first name.'],
    ['half a character', 'Ana\uD83D', 'A character of the first name is damaged. Type it again.'],
    ['a replaced character', 'Jos\uFFFD', 'A character of the first name is damaged. Type it again.'],
    ['stacked marks', `A${'\u0335'.repeat(20)}na`, 'Remove the stacked marks from the first name.'],
    ['more than allowed', 'a'.repeat(101), 'Shorten the first name to 100 characters.'],
    ['no text', 7, 'Enter the first name as text.'],
  ])('is refused with what to do when it is %s', (_, typed, said) => {
    expect(saidOf(name, typed)).toEqual([said]);
  });

  test('is measured before anything else looks at it', () => {
    const composing = vi.spyOn(String.prototype, 'normalize');
    expect(saidOf(name, `a${'\u0323\u0301'.repeat(300_000)}`)).toEqual([
      'Shorten the first name to 100 characters.',
    ]);
    expect(saidOf(emailInput, `a${'\u0323\u0301'.repeat(300_000)}@example.org`)).toEqual([
      'Shorten the email address to 254 characters.',
    ]);
    expect(composing).not.toHaveBeenCalled();
    composing.mockRestore();
  });

  test('comes out the same when it goes in again, well formed and without white space around', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const once = tidyText(text);
        expect(tidyText(once)).toBe(once);
        expect(once.isWellFormed()).toBe(true);
        expect(once).toBe(once.trim());
      }),
    );
  });
});

describe('An email address', () => {
  test.each([
    ['capitals and spaces', ' Mira@Example.ORG ', 'mira@example.org'],
    ['a hidden character in front', '\u200Bmira@example.org', 'mira@example.org'],
    ['an international domain', 'mira@Müller.example', 'mira@xn--mller-kva.example'],
  ])('is taken with %s', (_, typed, address) => {
    expect(saidOf(emailInput, typed)).toBe(address);
  });

  test.each([
    ['a letter that cannot be there', 'mürа@example.org', 'Use a to z'],
    ['no domain', 'mira@', 'Enter a whole email address'],
    ['a path in the domain', 'mira@müller.example/x', 'letter that email addresses cannot have'],
    ['two addresses', 'mira@example.org, ada@example.org', 'Enter a whole email address'],
  ])('is refused with the reason when it has %s', (_, typed, reason) => {
    expect(String(saidOf(emailInput, typed))).toContain(reason);
  });
});

describe('A text that is cut', () => {
  test('has no half character at its end', () => {
    expect(cutText('ab😀', 3)).toBe('ab');
    expect(cutText('ab😀', 4)).toBe('ab😀');
    expect(cutText('ab\uD83D', 3)).toBe('ab\uFFFD');
  });

  test('to bytes is the longest beginning of whole characters that fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.nat(60), (text, bytes) => {
        const cut = cutToBytes(text, bytes);
        const size = Buffer.byteLength(cut);
        expect(size).toBeLessThanOrEqual(bytes);
        expect(text.startsWith(cut)).toBe(true);
        const [next = ''] = text.slice(cut.length);
        expect(cut === text || size + Buffer.byteLength(next) > bytes).toBe(true);
      }),
    );
  });
});

test.each(['', 'a'.repeat(151), 'cmp_1\uD83D', 'cmp_1#x', 'cmp 1', 'cmp_\u200B1'])(
  'What is no id is refused: %j',
  (text) => {
    expect(idInput.safeParse(text).success).toBe(false);
  },
);

test.each(['9999-12-31', '0001-01-01', '1999-12-31', '2026-02-30', '2026-1-1', ''])(
  'What is no day of a filter is refused: %j',
  (day) => {
    expect(dayInput.safeParse(day).success).toBe(false);
  },
);

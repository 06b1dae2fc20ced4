import * as z from 'zod';

/**
 * Text from outside, at every border: what people type, what files hold, what the vendor sends. Lengths are in UTF-16
 * units, as forms count them. Raw lengths are checked before anything else looks at a text, since composing long runs
 * of combining marks takes time in proportion to the square of their number.
 */

const SCRIPTS_WITH_JOINERS = [
  'Arabic',
  'Bengali',
  'Devanagari',
  'Gujarati',
  'Gurmukhi',
  'Kannada',
  'Malayalam',
  'Oriya',
  'Sinhala',
  'Syriac',
  'Tamil',
  'Telugu',
].map((script) => `\\p{Script=${script}}`);
/** A joiner that shapes a letter of these scripts or a picture, and the mark that makes a picture of a character. */
const SHAPING = `(?<=[${SCRIPTS_WITH_JOINERS.join('')}\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\uFE0F])[\\u200C\\u200D]|(?<=\\p{Extended_Pictographic})\\uFE0F`;
/** Zero-width characters, bidirectional controls, tags, fillers, and controls that are not white space. */
const UNSEEN =
  '[\\p{Default_Ignorable_Code_Point}\\u2800\\u0000-\\u0008\\u000E-\\u001F\\u007F-\\u0084\\u0086-\\u009F]';
const INVISIBLE = new RegExp(`(${SHAPING})|${UNSEEN}`, 'gu');
const WHITE_SPACE = /[\s\u0085]+/gu;

/** A text may be written with more units than it has when composed; beyond this it is not looked at. */
const RAW_FACTOR = 4;
/** More marks than any language stacks on one letter. */
const STACKED_MARKS = /\p{M}{9}/u;
/** What damaged bytes or half a character were replaced with. */
const REPLACEMENT = '\uFFFD';

/**
 * Without what nobody sees, halves of characters replaced by U+FFFD, composed (Unicode NFC), one space where white space
 * was and none around. For text of bounded length.
 */
export const tidyText = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(INVISIBLE, (_unseen, shaping: string | undefined) => shaping ?? '')
    .normalize('NFC')
    .replaceAll(WHITE_SPACE, ' ')
    .trim();

/** At most so many units, never half a character: for text that is kept as it comes, such as the vendor's. */
export function cutText(text: string, units: number): string {
  const whole = text.toWellFormed();
  const splits = /[\uD800-\uDBFF]/.test(whole.charAt(units - 1));
  return whole.slice(0, splits ? units - 1 : units);
}

/** The longest beginning of whole characters that has at most so many bytes of UTF-8. */
export function cutToBytes(text: string, bytes: number): string {
  // No unit takes more than three bytes.
  if (text.length * 3 <= bytes) return text;
  const cut = new Uint8Array(bytes);
  const { read } = new TextEncoder().encodeInto(text, cut);
  return text.slice(0, read);
}

/** What a person types as text. `what` names it in the sentences, with its article. */
export const textInput = (
  what: string,
  { min = 1, max }: { readonly min?: number; readonly max: number },
) => {
  const tooLong = `Shorten ${what} to ${max} characters.`;
  return (
    z
      .string({ error: `Enter ${what} as text.` })
      .refine((text) => text.length <= max * RAW_FACTOR, { error: tooLong, abort: true })
      .refine((text) => text.isWellFormed() && !text.includes(REPLACEMENT), {
        error: `A character of ${what} is damaged. Type it again.`,
      })
      // What the API's document tells; it is checked below, on the mended text.
      .meta({ minLength: min, maxLength: max })
      .transform(tidyText)
      .pipe(
        z
          .string()
          .min(min, { error: min === 1 ? `Enter ${what}.` : `Enter at least ${min} characters for ${what}.` })
          .max(max, { error: tooLong })
          .refine((text) => !STACKED_MARKS.test(text), { error: `Remove the stacked marks from ${what}.` }),
      )
  );
};

/** RFC 5321: 256 octets for a path, its angle brackets included. */
const EMAIL_LENGTH = 254;
const EMAIL_TOO_LONG = `Shorten the email address to ${EMAIL_LENGTH} characters.`;

/** The host as it travels: an international domain becomes its ASCII form. What is no host stays as it is. */
function asciiDomain(email: string): string {
  const at = email.lastIndexOf('@');
  const domain = email.slice(at + 1);
  // ASCII is not touched, since a URL would take more for a host than an address may.
  if (at === -1 || /^[\0-\x7F]*$/.test(domain)) return email;
  const address = `http://${domain}`;
  if (!URL.canParse(address)) return email;
  const { hostname, href } = new URL(address);
  return href === `http://${hostname}/` ? `${email.slice(0, at)}@${hostname}` : email;
}

/** An email address in lower case; hidden characters are removed, international domains taken. */
export const emailInput = z
  .string({ error: 'Enter the email address as text.' })
  .refine((text) => text.length <= EMAIL_LENGTH * RAW_FACTOR, { error: EMAIL_TOO_LONG, abort: true })
  .meta({ format: 'email', maxLength: EMAIL_LENGTH })
  .transform((text) => asciiDomain(tidyText(text).toLowerCase()))
  .pipe(
    z
      .email({
        error: ({ input }) =>
          /[^\0-\x7F]/.test(String(input))
            ? 'The address has a letter that email addresses cannot have. Use a to z, digits and . _ + - before the @.'
            : 'Enter a whole email address, such as name@example.org.',
      })
      .max(EMAIL_LENGTH, { error: EMAIL_TOO_LONG }),
  );

/** Our ids and the names of schedules and queues; nothing else gets into a key of the table. */
const ID = /^[\w.:-]{1,150}$/;
export const isId = (text: string): boolean => ID.test(text);
export const idInput = z
  .string()
  .regex(ID, { error: 'This is not an id. Take it from the list it came from.' });

/** Letters that do not come apart into a plain one and an accent, as people without that keyboard type them. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  æ: 'ae',
  ð: 'd',
  đ: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  ŋ: 'n',
  ø: 'o',
  œ: 'oe',
  ß: 'ss',
  ς: 'σ',
  þ: 'th',
  ŧ: 't',
};
const UNUSUAL = new RegExp(`[${Object.keys(PLAIN_LETTERS).join('')}]`, 'gu');
/** Everything that is typed for an apostrophe; names are searched without any. */
const APOSTROPHES = /[\u0027\u0060\u00B4\u02B9-\u02BD\u02BF\u055A\u05F3\u2018-\u201B\u2032\u2035\uFF07]/gu;
/** Dashes and what else stands between words; `#` divides keys. */
const BETWEEN_WORDS = /[\s#\p{Pd}\u2212._]+/gu;
/** Longer than any name; composing more would only take time. */
const LONGEST_FOLDED = 400;

/**
 * What a name and what people type for it have in common: no case, accents or apostrophes, plain letters, one space for
 * dashes. For finding only, never for deciding who somebody is. Of a long text the beginning.
 */
export const foldForSearch = (text: string): string =>
  tidyText(text.slice(0, LONGEST_FOLDED))
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(UNUSUAL, (letter) => PLAIN_LETTERS[letter] ?? letter)
    .replaceAll(APOSTROPHES, '')
    .replaceAll(BETWEEN_WORDS, ' ')
    .trim();

const FIRST_DAY = '2000-01-01';
const LAST_DAY = '2099-12-31';
const A_DAY = `must be a day from ${FIRST_DAY} to ${LAST_DAY}, like 2026-11-24`;
/** A day of a filter. Days far off have neighbors that no date can be written for. */
export const dayInput = z.iso
  .date(A_DAY)
  .refine((day) => day >= FIRST_DAY && day <= LAST_DAY, { error: A_DAY });

/** The first letter as a capital. */
export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

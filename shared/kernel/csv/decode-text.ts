export const TEXT_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type TextEncoding = (typeof TEXT_ENCODINGS)[number];

const startsWith = (bytes: Uint8Array, ...start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

/** How much of a file is looked at for the zero bytes of UTF-16 without a byte order mark. */
const PROBE_BYTES = 4_096;

/** Western text in UTF-16 has a zero byte in almost every second place, and no other encoding here has any. */
function utf16Without(bytes: Uint8Array): TextEncoding | undefined {
  const probe = bytes.subarray(0, PROBE_BYTES);
  let even = 0;
  let odd = 0;
  for (const [index, byte] of probe.entries()) {
    if (byte !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  const many = probe.length / 5;
  if (odd > many && odd > even * 4) return 'utf-16le';
  return even > many && even > odd * 4 ? 'utf-16be' : undefined;
}

const REPLACED = /\uFFFD/g;
const BEYOND_ASCII = /[^\0-\x7F]/g;
const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** A file of another encoding has hardly any sequence that UTF-8 knows; one with cut bytes has few that it does not. */
function isMostlyUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(bytes);
  return count(text, BEYOND_ASCII) > 2 * count(text, REPLACED);
}

/** By byte order mark, then by UTF-16's zero bytes, then UTF-8 if all or nearly all of it is; else Windows-1252. */
export function detectEncoding(bytes: Uint8Array): TextEncoding {
  if (startsWith(bytes, 0xff, 0xfe)) return 'utf-16le';
  if (startsWith(bytes, 0xfe, 0xff)) return 'utf-16be';
  return utf16Without(bytes) ?? (isUtf8(bytes) || isMostlyUtf8(bytes) ? 'utf-8' : 'windows-1252');
}

/**
 * The text of a file in the encoding that is told, or that it is found to have, without the byte order mark; what is
 * damaged is U+FFFD.
 */
export function decodeText(
  bytes: Uint8Array,
  told?: TextEncoding,
): { readonly text: string; readonly encoding: TextEncoding } {
  const encoding = told ?? detectEncoding(bytes);
  return { text: new TextDecoder(encoding).decode(bytes), encoding };
}

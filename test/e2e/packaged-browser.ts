import { existsSync } from 'node:fs';

/** Whether the packaged Chromium fits this machine and no other is named in `CHROMIUM_PATH`. */
export const usesPackagedBrowser = (): boolean =>
  process.env.CHROMIUM_PATH === undefined && process.platform === 'linux' && process.arch === 'x64';

/** Where the packaged Chromium stands, unpacked at the first call on this machine. */
export async function packagedBrowser(): Promise<string> {
  // Makes the package unpack its own NSS libraries and point LD_LIBRARY_PATH to them; read when it is imported.
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x';
  const { default: packaged } = await import('@sparticuz/chromium');
  const executablePath = await packaged.executablePath();
  if (!existsSync(executablePath)) throw new Error('The packaged Chromium could not be unpacked.');
  return executablePath;
}

/** Vitest's global setup: once unpacked, no test process starts a browser that another one is still writing. */
export async function setup(): Promise<void> {
  if (usesPackagedBrowser()) await packagedBrowser();
}

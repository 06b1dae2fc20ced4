import { parseArgs } from 'node:util';
import type { Vendor } from './product/game-platform.ts';

export interface StartCommand {
  readonly port: number | undefined;
  readonly stateDirectory: string;
  readonly reset: boolean;
  readonly empty: boolean;
  readonly freeze: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly watch: boolean;
  readonly vendor: Vendor | undefined;
}

export const DEFAULT_STATE = '.local';

/** @throws {Error} a sentence for the person who typed it */
export function parseStartCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): StartCommand {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      state: { type: 'string', default: DEFAULT_STATE },
      reset: { type: 'boolean', default: false },
      empty: { type: 'boolean', default: false },
      freeze: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      watch: { type: 'boolean', default: false },
    },
  });
  return {
    port: values.port === undefined ? undefined : parsePort(values.port),
    stateDirectory: values.state,
    reset: values.reset,
    empty: values.empty,
    freeze: values.freeze,
    json: values.json,
    verbose: values.verbose,
    watch: values.watch,
    vendor: parseVendor(environment),
  };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535 && text.trim() !== '') return port;
  throw new Error(`--port takes a number from 0 to 65535, not "${text}".`);
}

function parseVendor(environment: Readonly<Record<string, string | undefined>>): Vendor | undefined {
  const baseUrl = environment['GAME_PLATFORM_API_BASE_URL'] ?? '';
  const token = environment['GAME_PLATFORM_API_TOKEN'] ?? '';
  if (baseUrl === '' && token === '') return undefined;
  if (baseUrl === '' || token === '') {
    throw new Error(
      'GAME_PLATFORM_API_BASE_URL and GAME_PLATFORM_API_TOKEN go together: give both, or none for the simulator.',
    );
  }
  if (!URL.canParse(baseUrl))
    throw new Error(`GAME_PLATFORM_API_BASE_URL is not an absolute URL: "${baseUrl}".`);
  return { baseUrl, token };
}

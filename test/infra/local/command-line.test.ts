import { describe, expect, it } from 'vitest';
import { parseStartCommand } from '#infra/local/command-line.ts';
import { missingRequirement } from '#infra/local/requirements.ts';

describe('npm start', () => {
  it('takes its defaults', () => {
    expect(parseStartCommand([], {})).toEqual({
      port: undefined,
      stateDirectory: '.local',
      reset: false,
      empty: false,
      freeze: false,
      json: false,
      verbose: false,
      watch: false,
      vendor: undefined,
    });
  });

  it('takes every flag and the vendor’s two variables', () => {
    const environment = {
      GAME_PLATFORM_API_BASE_URL: 'https://vendor.test/api',
      GAME_PLATFORM_API_TOKEN: 't',
    };
    expect(
      parseStartCommand(
        [
          '--port',
          '5000',
          '--state',
          'x',
          '--reset',
          '--empty',
          '--freeze',
          '--json',
          '--verbose',
          '--watch',
        ],
        environment,
      ),
    ).toEqual({
      port: 5_000,
      stateDirectory: 'x',
      reset: true,
      empty: true,
      freeze: true,
      json: true,
      verbose: true,
      watch: true,
      vendor: { baseUrl: 'https://vendor.test/api', token: 't' },
    });
  });

  it.each([
    [['--port', 'abc'], {}, '--port takes a number'],
    [['--port', '70000'], {}, '--port takes a number'],
    [['--what'], {}, '--what'],
    [[], { GAME_PLATFORM_API_TOKEN: 't' }, 'go together'],
    [[], { GAME_PLATFORM_API_BASE_URL: 'nowhere', GAME_PLATFORM_API_TOKEN: 't' }, 'not an absolute URL'],
  ])('refuses %j with %j', (args, environment, message) => {
    expect(() => parseStartCommand(args, environment)).toThrow(message);
  });
});

const installed = () => true;

describe('what the machine must have', () => {
  it('is nothing more on Node 24 with its packages', () => {
    expect(missingRequirement('24.1.0', 'linux-x64', installed)).toBeUndefined();
  });
  it('is a newer Node', () => {
    expect(missingRequirement('20.20.2', 'linux-x64', installed)).toContain(
      'needs Node 22 or newer, this is 20.20.2',
    );
  });
  it('is the table’s binary', () => {
    expect(missingRequirement('24.1.0', 'sunos-x64', () => false)).toContain(
      '@dynoxide/sunos-x64 is not installed',
    );
  });
});

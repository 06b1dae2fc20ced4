import { describe, expect, it } from 'vitest';
import { runCommand, type Command, type Given, type World } from '../../../scripts/operations/command.ts';
import { StoppedError } from '../../../scripts/operations/stopped.ts';

const world = (lines: string[]): World => ({
  print: (line) => void lines.push(line),
  ask: undefined,
  readInput: () => Promise.resolve(''),
  runProgram: () => Promise.resolve(0),
  now: () => new Date(0),
  sleep: () => Promise.resolve(),
});

const run = async (args: readonly string[], outcome: () => boolean = () => true) => {
  const lines: string[] = [];
  const given: Given[] = [];
  const command: Command = {
    name: 'tidy',
    usage: '<what> [--deep] [--yes]',
    about: ['Tidies.'],
    takes: 1,
    options: { deep: { type: 'boolean' } },
    runAlone: async (one) => {
      given.push(one);
      return outcome();
    },
  };
  const code = await runCommand(command, args, world(lines));
  return { code, text: lines.join('\n'), given: given[0] };
};

describe('a command', () => {
  it('gets what was typed', async () => {
    const { code, given } = await run(['room', '--deep', '--yes']);
    expect(code).toBe(0);
    expect(given).toMatchObject({ positionals: ['room'], yes: true });
    expect(given?.flag('deep')).toBe(true);
    expect(given?.text('deep')).toBeUndefined();
  });

  it.each([
    ['an unknown option', ['room', '--deeper'], '--deeper'],
    ['too few arguments', [], 'An argument is missing.'],
    ['too many arguments', ['room', 'hall'], 'one argument too many'],
  ])('that is called with %s ends with 2 and says how it is called', async (_, args, why) => {
    const { code, text, given } = await run(args);
    expect(code).toBe(2);
    expect(text).toContain(why);
    expect(text).toContain('npm run tidy -- <what> [--deep] [--yes]');
    expect(given).toBeUndefined();
  });

  it('explains itself and does nothing with --help', async () => {
    const { code, text, given } = await run(['--help']);
    expect(code).toBe(0);
    expect(text).toBe('npm run tidy -- <what> [--deep] [--yes]\n\nTidies.');
    expect(given).toBeUndefined();
  });

  it('that finds a problem ends with 1', async () => {
    expect((await run(['room'], () => false)).code).toBe(1);
  });

  it.each([
    [new StoppedError('The door is locked.', 'Fetch the key.'), /door is locked.*Fetch the key/s],
    [Object.assign(new Error('no'), { name: 'CredentialsProviderError' }), /credentials.*aws sso login/s],
    [Object.assign(new Error('not allowed'), { name: 'AccessDeniedException' }), /refuses it: not allowed/],
    [Object.assign(new Error('slow'), { name: 'TimeoutError' }), /did not answer in time.*run it again/s],
    [new TypeError('odd'), /TypeError: odd.*What to do/s],
  ])('that stops with %s says why and what to do', async (error, words) => {
    const { code, text } = await run(['room'], () => {
      throw error;
    });
    expect(code).toBe(1);
    expect(text).toMatch(words);
  });
});

describe('a command of a stage', () => {
  const ofStage: Command = {
    name: 'look',
    usage: '<stage>',
    about: ['Looks.'],
    anyAccount: true,
    run: ({ stage }) => Promise.resolve(stage.name === 'staging'),
  };

  it('finds the stage by its name', async () => {
    expect(await runCommand(ofStage, ['staging'], world([]))).toBe(0);
    expect(await runCommand(ofStage, ['prod'], world([]))).toBe(1);
  });

  it('refuses a stage that there is not, and none', async () => {
    const lines: string[] = [];
    expect(await runCommand(ofStage, ['production'], world(lines))).toBe(2);
    expect(lines.join('\n')).toContain('the stages are dev, staging, prod and local');
    expect(await runCommand(ofStage, [], world(lines))).toBe(2);
  });

  it('says how to start the local stack when none runs', async () => {
    const lines: string[] = [];
    expect(await runCommand(ofStage, ['local', '--state', '/nowhere'], world(lines))).toBe(1);
    expect(lines.join('\n')).toContain('npm start');
  });
});

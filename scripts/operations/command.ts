import { parseArgs, type ParseArgsConfig } from 'node:util';
import * as z from 'zod';
import type { Clock } from '#shared/kernel/clock.ts';
import { confirmAccount, openStage, type StageAccess } from './stage-access.ts';
import { stoppedBy, UsageError } from './stopped.ts';

/** The person or the program that runs a command, and what it may do besides calling AWS. */
export interface World {
  readonly print: (line: string) => void;
  /** Asks the person at the terminal; undefined when there is none. `hidden`: what is typed is not shown. */
  readonly ask: ((question: string, hidden?: boolean) => Promise<string>) | undefined;
  /** All of standard input. */
  readonly readInput: () => Promise<string>;
  /** Runs a program of the project with its output shown; its exit code. */
  readonly runProgram: (program: string, args: readonly string[]) => Promise<number>;
  readonly now: Clock;
  readonly sleep: (ms: number) => Promise<void>;
}

/** What was typed after the command's name. */
export interface Given {
  /** Without the stage. */
  readonly positionals: readonly string[];
  /** Changes something only with this. */
  readonly yes: boolean;
  readonly text: (option: string) => string | undefined;
  readonly flag: (option: string) => boolean;
}

interface CommandParts {
  readonly name: string;
  /** What comes after `npm run <name> --`. */
  readonly usage: string;
  /** What it does, for `--help`. */
  readonly about: readonly string[];
  /** How many arguments it takes besides the stage. @default 0 */
  readonly takes?: number;
  readonly options?: NonNullable<ParseArgsConfig['options']>;
}

/** A command of a stage. `run` is true when all is well; what stopped it is thrown. */
export type StageCommand = CommandParts & {
  /** It tells by itself whether the credentials are those of the stage's account. */
  readonly anyAccount?: true;
  readonly run: (access: StageAccess, given: Given, world: World) => Promise<boolean>;
};
/** A command that needs no stage. */
export type FreeCommand = CommandParts & {
  readonly runAlone: (given: Given, world: World) => Promise<boolean>;
};
export type Command = StageCommand | FreeCommand;

const COMMON_OPTIONS = {
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  state: { type: 'string' },
} as const satisfies ParseArgsConfig['options'];

export const helpOf = ({ name, usage, about }: CommandParts): string =>
  [`npm run ${name} -- ${usage}`, '', ...about].join('\n');

function parse(command: CommandParts, args: readonly string[], stageFirst: boolean) {
  const parsed = (() => {
    try {
      return parseArgs({
        args: [...args],
        options: { ...command.options, ...COMMON_OPTIONS },
        allowPositionals: true,
      });
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    }
  })();
  const values: Readonly<Record<string, unknown>> = parsed.values;
  const [stageName] = stageFirst ? parsed.positionals : [];
  const text = (option: string): string | undefined => {
    const value = values[option];
    return typeof value === 'string' ? value : undefined;
  };
  const flag = (option: string): boolean => values[option] === true;
  const given: Given = {
    positionals: parsed.positionals.slice(stageFirst ? 1 : 0),
    yes: flag('yes'),
    text,
    flag,
  };
  return { given, stageName, help: flag('help') };
}

function refuseOtherCount(command: CommandParts, { positionals }: Given): void {
  const { takes = 0 } = command;
  if (positionals.length < takes) throw new UsageError('An argument is missing.');
  // Not told which: it may be a token that was typed where it does not belong.
  if (positionals.length > takes) throw new UsageError('There is one argument too many.');
}

/** Runs a command: 0 when all is well, 1 when not, 2 when it was not called as it has to be. */
export async function runCommand(command: Command, args: readonly string[], world: World): Promise<number> {
  try {
    const ofStage = 'run' in command;
    const { given, stageName, help } = parse(command, args, ofStage);
    if (help) {
      world.print(helpOf(command));
      return 0;
    }
    if (!ofStage) {
      refuseOtherCount(command, given);
      return (await command.runAlone(given, world)) ? 0 : 1;
    }
    if (stageName === undefined) throw new UsageError('The stage is missing.');
    refuseOtherCount(command, given);
    const access = openStage(stageName, given.text('state'));
    if (command.anyAccount !== true) await confirmAccount(access);
    return (await command.run(access, given, world)) ? 0 : 1;
  } catch (error) {
    return tell(command, error, world);
  }
}

function tell(command: Command, error: unknown, { print }: World): number {
  if (error instanceof UsageError) {
    print(`${error.message}\n\n${helpOf(command)}`);
    return 2;
  }
  const { message, whatToDo } = stoppedBy(error);
  print(`\nStopped: ${message}\nWhat to do: ${whatToDo}`);
  return 1;
}

/** The email address that a command takes after the stage, as Cognito keeps it. */
export function emailOf({ positionals }: Given): string {
  const email = z.email().safeParse(positionals[0]?.toLowerCase());
  if (!email.success) throw new UsageError('The second argument is an email address.');
  return email.data;
}

/** What it would do, for a run without `--yes`. */
export function printPlan({ print }: World, lines: readonly string[]): true {
  print('It would:');
  for (const line of lines) print(`  - ${line}`);
  print('Nothing was changed. With --yes it does so.');
  return true;
}

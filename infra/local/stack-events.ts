import type { RunningStack } from './state/running-stack.ts';

/** What a starting and running stack tells; with `--json`, one of these a line. */
export type StackEvent =
  /** A step of the start takes a while, and still runs. */
  | { readonly event: 'slowStep'; readonly title: string }
  /** A step of the start is done. */
  | { readonly event: 'step'; readonly title: string; readonly seconds: number }
  | {
      readonly event: 'log';
      readonly level: 'info' | 'warning' | 'error';
      readonly source: string;
      readonly message: string;
    }
  /** One line that a function wrote; it is in the function's log file too. */
  | { readonly event: 'functionLog'; readonly functionName: string; readonly line: string }
  /** A call that AWS would have refused. */
  | {
      readonly event: 'refusal';
      readonly caller: string;
      readonly action: string;
      readonly resource: string;
      readonly message: string;
    }
  /** The stack did not start, and has ended. */
  | { readonly event: 'failed'; readonly message: string }
  /** A sign-in succeeds from now on. */
  | ({ readonly event: 'ready' } & RunningStack);

export type OnStackEvent = (event: StackEvent) => void;

import { Logger } from '@aws-lambda-powertools/logger';
import { describeError } from './describe-error.ts';

/** Ids, counts, codes and times. Never a name, an email address, a body or a token. */
export type LogFields = Readonly<
  Record<string, string | number | boolean | null | undefined | readonly (string | number)[]>
>;

/** A log whose context belongs to the piece of work that holds it; there is no global context. */
export interface Log {
  /** For stages that log everything; others would pay for lines that nobody reads. */
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields, error?: unknown): void;
  error(message: string, fields?: LogFields, error?: unknown): void;
  /** The same log with more context on every line. */
  with(fields: LogFields): Log;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
/** Where finished lines go. */
export type LogSink = (level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>) => void;

export function createLog(sink: LogSink = sinkOf(createLogger()), context: LogFields = {}): Log {
  const write = (level: LogLevel, message: string, fields?: LogFields, error?: unknown): void => {
    sink(level, message, {
      ...context,
      ...fields,
      ...(error === undefined ? {} : { failure: describeError(error) }),
    });
  };
  return {
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields, error) => write('warn', message, fields, error),
    error: (message, fields, error) => write('error', message, fields, error),
    with: (fields) => createLog(sink, { ...context, ...fields }),
  };
}

/** The Powertools logger, which reads service name and level from its own variables. */
export const createLogger = (): Logger => new Logger();

/** JSON lines by the Powertools logger. */
export const sinkOf =
  (logger: Logger): LogSink =>
  (level, message, fields) =>
    logger[level](message, fields);

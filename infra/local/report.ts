import { traceLines, type Trace } from './emulator/xray/trace-store.ts';
import type { OnStackEvent, StackEvent } from './stack-events.ts';
import type { RunningStack } from './state/running-stack.ts';

/** One JSON object a line. */
export const reportJson: OnStackEvent = (event) => {
  console.log(JSON.stringify(event));
};

/** For a person: steps with their seconds, warnings, refusals, the address and the sign-ins. */
export const reportProse: OnStackEvent = (event) => {
  const lines = proseOf(event);
  if (lines.length > 0) console.log(lines.join('\n'));
};

/** On standard error, so that `--json` stays one object a line. */
export function reportTrace(trace: Trace): void {
  console.error(traceLines(trace).join('\n'));
}

function proseOf(event: StackEvent): string[] {
  switch (event.event) {
    case 'slowStep':
      return [`       …  ${event.title}`];
    case 'step':
      return [`${event.seconds.toFixed(1).padStart(6)} s  ${event.title}`];
    case 'log':
      return event.level === 'info' && event.source !== 'demo' && event.source !== 'dev'
        ? []
        : [`${event.level === 'info' ? '' : `${event.level}: `}[${event.source}] ${event.message}`];
    case 'functionLog':
      return isWorthSaying(event.line) ? [`[${event.functionName}] ${event.line}`] : [];
    case 'refusal':
      return [
        '',
        '!! AWS would have refused this call:',
        `   function  ${event.caller}`,
        `   action    ${event.action}`,
        `   resource  ${event.resource}`,
        `   ${event.message}`,
        '',
      ];
    case 'ready':
      return readyLines(event);
    // `failed` is on standard error, whatever the form.
    default:
      return [];
  }
}

function readyLines({ url, gamePlatformUrl, mailboxUrl, users }: RunningStack): string[] {
  const width = Math.max(...users.map(({ email }) => email.length));
  return [
    '',
    `Coach Dashboard   ${url}`,
    `Game platform     ${gamePlatformUrl}`,
    `Mailbox           ${mailboxUrl}`,
    '',
    'Sign in as',
    ...users.map(({ email, password, role }) => `  ${email.padEnd(width)}   ${password}   ${role}`),
    '',
    'Running: site and API, functions, queues, schedules, table, sign-in. Ctrl-C ends it.',
    '',
  ];
}

/** Functions log JSON; what is below an error stays in the log files. */
function isWorthSaying(line: string): boolean {
  return /"level":\s*"(ERROR|CRITICAL)"/.test(line) || !line.startsWith('{');
}

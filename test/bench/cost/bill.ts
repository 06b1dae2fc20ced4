import type { CostLine } from '#test/support/aws-prices.ts';

/** What a month of use costs at AWS, by what was measured; pure. */

/** Grows in a line with the number of competitors: so much anyway, and so much for each. */
export interface Line {
  readonly fixed: number;
  readonly each: number;
}

/** What one day of reading takes. */
export interface ADay {
  readonly readUnits: Line;
  readonly writeUnits: Line;
  readonly queueRequests: Line;
  readonly tableCalls: Line;
  readonly invocations: Line;
  readonly logBytes: Line;
  readonly tableBytes: Line;
  readonly scoreReads: Line;
}

/** What a coach's browser takes when the site is opened, and each minute that it stays open. */
export interface Looking {
  readonly requests: number;
  readonly readUnits: number;
  readonly tableCalls: number;
  readonly bytes: number;
}

export interface Measured {
  readonly day: ADay;
  /** Schedules that fire in a day. */
  readonly firings: number;
  readonly opening: Looking;
  readonly minute: Looking;
  /** Processor seconds of a whole core that planning a round takes for each competitor. */
  readonly planSeconds: number;
}

/** What is assumed of people and of AWS, and cannot be measured here. */
export const ASSUMED = {
  competitorsPerCoach: 25,
  openingsPerMonth: 22,
  minutesPerOpening: 15,
  /** A call of DynamoDB as a function waits for it, and what a request takes beside such calls. */
  tableCallSeconds: 0.005,
  requestSeconds: 0.03,
  /** Of the platform's log of an invocation: start, report, and metrics. */
  platformLogBytes: 1_500,
  /** One of eight bytes of JSON is left after compression. */
  compression: 8,
  /** What the browser has to fetch of the site at an opening, when a version is new one time in four. */
  siteBytes: 300_000 / 4,
  siteRequests: 3,
  logMonths: 3,
  /** An identity asks for the table's key every five minutes; so many functions run at any time. */
  busyFunctions: 4,
} as const;

const DAYS = 30;
const GB = 1e9;
const ROUNDS_A_DAY = 288;
/** A whole core comes with so much memory. */
const MB_OF_A_CORE = 1_769;
/** An index row for the table's own, in both indexes at most. */
const COPIES = 2;
/** X-Ray's own rule: one a second, and one in twenty of the others. */
const TRACED = 0.05;
const SECONDS_OF_MONTH = DAYS * 86_400;

const at = ({ fixed, each }: Line, competitors: number): number => Math.max(0, fixed + each * competitors);

export interface Program {
  readonly competitors: number;
  /** Seconds that a worker runs for each read of somebody's scores, waiting for its turn included. */
  readonly secondsPerRead: number;
  readonly memoryGb: { readonly reading: number; readonly planning: number; readonly api: number };
}

export function usageOf(
  { day, firings, opening, minute, planSeconds }: Measured,
  { competitors, secondsPerRead, memoryGb }: Program,
): readonly CostLine[] {
  const monthly = (line: Line): number => DAYS * at(line, competitors);
  const coaches = Math.ceil(competitors / ASSUMED.competitorsPerCoach);
  const openings = coaches * ASSUMED.openingsPerMonth;
  const looks = (of: keyof Looking): number =>
    openings * (opening[of] + ASSUMED.minutesPerOpening * minute[of]);
  const requests = looks('requests');
  const invocations = monthly(day.invocations) + requests;

  const roundSeconds = (planSeconds * competitors * MB_OF_A_CORE) / 1_024 / memoryGb.planning;
  const gbSeconds =
    monthly(day.scoreReads) * secondsPerRead * memoryGb.reading +
    (monthly(day.tableCalls) * ASSUMED.tableCallSeconds + DAYS * ROUNDS_A_DAY * roundSeconds) *
      memoryGb.planning +
    (requests * ASSUMED.requestSeconds + looks('tableCalls') * ASSUMED.tableCallSeconds) * memoryGb.api;
  const logGb = (monthly(day.logBytes) + invocations * ASSUMED.platformLogBytes) / GB;
  const tableGb = (at(day.tableBytes, competitors) * (1 + COPIES)) / GB;
  const edgeBytes = looks('bytes') / ASSUMED.compression + openings * ASSUMED.siteBytes;
  const traces =
    Math.min(invocations, SECONDS_OF_MONTH) + TRACED * Math.max(0, invocations - SECONDS_OF_MONTH);
  const keyRequests = ASSUMED.busyFunctions * (SECONDS_OF_MONTH / 300);

  const lines: readonly CostLine[] = [
    { item: 'table: reads of the jobs', quantity: monthly(day.readUnits), price: 'readUnit' },
    { item: 'table: writes of the jobs', quantity: monthly(day.writeUnits), price: 'writeUnit' },
    { item: 'table: reads for coaches', quantity: looks('readUnits'), price: 'readUnit' },
    { item: 'table: storage', quantity: tableGb, price: 'tableGbMonth' },
    { item: 'table: backups', quantity: tableGb, price: 'backupGbMonth' },
    { item: 'functions: time', quantity: gbSeconds, price: 'lambdaGbSecond' },
    { item: 'functions: requests', quantity: invocations, price: 'lambdaRequest' },
    { item: 'queues', quantity: monthly(day.queueRequests), price: 'queueRequest' },
    { item: 'schedules', quantity: DAYS * firings, price: 'schedulerInvocation' },
    { item: 'API', quantity: requests, price: 'apiRequest' },
    {
      item: 'CloudFront: requests',
      quantity: requests + openings * ASSUMED.siteRequests,
      price: 'edgeRequest',
    },
    { item: 'CloudFront: bytes', quantity: edgeBytes / GB, price: 'edgeGb' },
    { item: 'logs: written', quantity: logGb, price: 'logGb' },
    { item: 'logs: kept', quantity: logGb * ASSUMED.logMonths, price: 'logGbMonth' },
    { item: 'traces', quantity: traces, price: 'trace' },
    { item: 'key: requests', quantity: keyRequests, price: 'keyRequest' },
    { item: 'email', quantity: coaches * (DAYS / 7), price: 'email' },
    { item: 'sign-ins', quantity: coaches, price: 'activeUser' },
  ];
  return lines;
}

/** The line through two points. */
export function lineThrough([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): Line {
  const each = (y2 - y1) / (x2 - x1);
  return { each, fixed: y1 - each * x1 };
}

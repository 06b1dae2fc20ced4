/**
 * AWS's list prices in us-east-1 in dollars, as known on November 30, 2026: the one place where this repository says
 * what something costs. Whoever plans a budget looks them up again.
 */
export const PRICES_OF = 'November 30, 2026';

const MILLION = 1e6;

export const PRICES = {
  /** DynamoDB on demand. */
  readUnit: 0.125 / MILLION,
  writeUnit: 0.625 / MILLION,
  tableGbMonth: 0.25,
  backupGbMonth: 0.2,
  /** Lambda on arm64. */
  lambdaGbSecond: 0.000_013_333_4,
  lambdaRequest: 0.2 / MILLION,
  queueRequest: 0.4 / MILLION,
  /** API Gateway, HTTP API. */
  apiRequest: 1 / MILLION,
  edgeRequest: 1 / MILLION,
  edgeGb: 0.085,
  logGb: 0.5,
  logGbMonth: 0.03,
  trace: 5 / MILLION,
  schedulerInvocation: 1 / MILLION,
  keyRequest: 3 / MILLION,
  email: 0.1 / 1_000,
  /** Cognito Essentials, somebody who signs in within a month. */
  activeUser: 0.015,
  /** A month of each. */
  key: 1,
  secret: 0.4,
  alarmMetric: 0.1,
  customMetric: 0.3,
  firewall: 5,
  firewallRule: 1,
} as const;

/** A month's free part that does not end after an account's first year; of an account, not of a stage. */
export const ALWAYS_FREE = {
  tableGbMonth: 25,
  lambdaGbSecond: 400_000,
  lambdaRequest: MILLION,
  queueRequest: MILLION,
  edgeRequest: 10 * MILLION,
  edgeGb: 1_024,
  logGb: 5,
  trace: 100_000,
  schedulerInvocation: 14 * MILLION,
  keyRequest: 20_000,
  activeUser: 10_000,
  alarmMetric: 10,
  customMetric: 10,
} as const satisfies Partial<Record<keyof typeof PRICES, number>>;

/** Five pollers of an event source, each waiting 20 seconds for a message, in a month of 30 days. */
export const POLLS_OF_A_QUEUE = (5 * 30 * 24 * 3_600) / 20;

export interface CostLine {
  readonly item: string;
  /** How much of it in a month. */
  readonly quantity: number;
  readonly price: keyof typeof PRICES;
}

export const listPrice = ({ quantity, price }: CostLine): number => quantity * PRICES[price];

/** What is paid of several lines, when nothing else in the account uses the free parts. */
export function billed(lines: readonly CostLine[]): number {
  const quantities = new Map<keyof typeof PRICES, number>();
  for (const { price, quantity } of lines) quantities.set(price, (quantities.get(price) ?? 0) + quantity);
  const free: Partial<Record<keyof typeof PRICES, number>> = ALWAYS_FREE;
  return [...quantities].reduce(
    (sum, [price, quantity]) => sum + Math.max(0, quantity - (free[price] ?? 0)) * PRICES[price],
    0,
  );
}

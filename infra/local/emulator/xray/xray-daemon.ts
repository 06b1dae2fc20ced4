import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { FunctionResource } from '../deployment.ts';
import type { InvocationOutcome } from '../lambda/function-instance.ts';
import { parsePacket } from './segment.ts';
import { TraceStore, type Trace, type TraceFilter } from './trace-store.ts';

export interface Traces {
  /** The last few hundred, oldest first. */
  all(): readonly Trace[];
  where(filter: TraceFilter): readonly Trace[];
  /** Packets that were no segment documents. */
  readonly badPackets: number;
}

export interface TracedInvocation {
  /** What the function sees as `_X_AMZN_TRACE_ID`. */
  readonly header: string;
  end(outcome: InvocationOutcome): void;
}

export interface XrayDaemon {
  /** `127.0.0.1:<port>`, for `AWS_XRAY_DAEMON_ADDRESS`. */
  readonly address: string;
  readonly traces: Traces;
  /**
   * Begins a trace of its own for an invocation, as Lambda does, with links to those of the messages it received.
   *
   * @param messageHeaders `AWSTraceHeader` of each message
   */
  begin(
    resource: Pick<FunctionResource, 'name' | 'tracing'>,
    messageHeaders: readonly string[],
  ): TracedInvocation;
  stop(): Promise<void>;
}

export interface XrayDaemonOptions {
  /** Told a moment after an invocation has ended, when its last packets are there. */
  readonly onTrace?: (trace: Trace) => void;
}

/** X-Ray takes no more links from one segment. */
const MAX_LINKS = 20;
/** Packets are on their way when the invocation's result is. */
const SETTLE_MS = 250;

/** Stands in for the X-Ray daemon beside each function and for the segments that Lambda itself sends. */
export async function startXrayDaemon({ onTrace }: XrayDaemonOptions = {}): Promise<XrayDaemon> {
  const store = new TraceStore();
  let badPackets = 0;
  const socket = createSocket('udp4');
  socket.on('message', (packet) => {
    try {
      store.add(parsePacket(packet.toString('utf8')));
    } catch {
      badPackets += 1;
    }
  });
  // The daemon is beside the product's work, which goes on whatever happens here.
  socket.on('error', () => undefined);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const settling = new Set<NodeJS.Timeout>();

  const settle = (traceId: string) => {
    const timer = setTimeout(() => {
      settling.delete(timer);
      const trace = store.find(traceId);
      if (trace !== undefined) onTrace?.(trace);
    }, SETTLE_MS);
    timer.unref();
    settling.add(timer);
  };

  return {
    address: `127.0.0.1:${socket.address().port}`,
    traces: {
      all: () => store.all(),
      where: (filter) => store.where(filter),
      get badPackets() {
        return badPackets;
      },
    },
    begin({ name, tracing }, messageHeaders) {
      const startedAt = Date.now();
      const id = randomBytes(8).toString('hex');
      const seconds = Math.floor(startedAt / 1_000).toString(16);
      const traceId = `1-${seconds}-${randomBytes(12).toString('hex')}`;
      const header = `Root=${traceId};Parent=${id};Sampled=${tracing ? 1 : 0}`;
      if (!tracing) return { header, end: () => undefined };
      const links = [...new Set(messageHeaders.flatMap((text) => rootOf(text) ?? []))].slice(0, MAX_LINKS);
      const document = { id, name, trace_id: traceId, start_time: startedAt / 1_000 };
      store.add({ ...document, in_progress: true }, links);
      return {
        header,
        end(outcome) {
          store.add({ ...document, end_time: Date.now() / 1_000, fault: outcome.kind === 'failed' });
          settle(traceId);
        },
      };
    },
    async stop() {
      for (const timer of settling) clearTimeout(timer);
      await new Promise<void>((resolve) => {
        socket.close(() => resolve());
      });
    },
  };
}

const rootOf = (header: string): string | undefined =>
  /(?:^|;)Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/.exec(header)?.[1];

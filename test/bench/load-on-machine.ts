import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';

/** What a stretch of time asked of the machine: 1 is all of it. */
export interface MachineLoad {
  /** Of all cores, whoever used them. */
  readonly cores: number;
  /** Of this process's main thread, which is load generator, API gateway, queues and simulator in one. */
  readonly mainThread: number;
  /** Processor time of this process with all of its function instances; the stand-in for DynamoDB is another one. */
  readonly cpuSeconds: number;
}

function busyAndAll(): readonly [number, number] {
  let busy = 0;
  let all = 0;
  for (const { times } of cpus()) {
    const used = times.user + times.nice + times.sys + times.irq;
    busy += used;
    all += used + times.idle;
  }
  return [busy, all];
}

/** Starts to watch; the function returned tells the load since then. */
export function watchMachine(): () => MachineLoad {
  const [busyBefore, allBefore] = busyAndAll();
  const loopBefore = performance.eventLoopUtilization();
  const cpuBefore = process.cpuUsage();
  return () => {
    const [busy, all] = busyAndAll();
    const { user, system } = process.cpuUsage(cpuBefore);
    return {
      cpuSeconds: (user + system) / 1e6,
      cores: (busy - busyBefore) / Math.max(1, all - allBefore),
      mainThread: performance.eventLoopUtilization(loopBefore).utilization,
    };
  };
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

import { startSimulator } from '#test/game-platform-simulator/index.ts';
import { platformRequestSchema, type PlatformReply, type PlatformRequest } from './platform-messages.ts';

/** The platform in a process of its own, so that its work is not the workers'. It gets its orders by messages. */

const TEAM_SIZE = 5;

type Started = Awaited<ReturnType<typeof startSimulator>>;

async function start(request: Extract<PlatformRequest, { kind: 'start' }>): Promise<Started> {
  const { seed, token, now, days, ids } = request;
  const simulator = await startSimulator({ seed, token, now: () => now });
  ids.forEach((synedUserId, index) => {
    simulator.model.enrol({
      synedUserId,
      firstName: 'Mira',
      lastName: synedUserId,
      email: `${synedUserId}@example.org`,
      teamId: `team-${Math.floor(index / TEAM_SIZE)}`,
      enrolledAt: now - days * 86_400,
      status: 'approved',
    });
  });
  return simulator;
}

let simulator: Started | undefined;

async function carryOut(request: PlatformRequest): Promise<void> {
  if (request.kind === 'start') {
    simulator = await start(request);
    return;
  }
  if (simulator === undefined) throw new Error('The platform was not started.');
  switch (request.kind) {
    case 'latency':
      simulator.faults.clear();
      if (request.ms > 0) simulator.faults.add({ kind: 'latency', ms: request.ms });
      break;
    case 'news':
      for (const synedUserId of request.ids) simulator.model.addSolve({ synedUserId });
      break;
    case 'calls':
      break;
    case 'stop':
      await simulator.stop();
      process.disconnect();
      break;
  }
}

process.on('message', (message) => {
  void (async () => {
    await carryOut(platformRequestSchema.parse(message));
    const calls = simulator?.requests.since().at(-1)?.sequence ?? 0;
    const reply: PlatformReply = { url: simulator?.url ?? '', calls };
    if (process.connected) process.send?.(reply);
  })();
});

// No one asks any more: the process that forked this one is gone.
process.on('disconnect', () => process.exit());

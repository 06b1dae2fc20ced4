import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Control } from './control.ts';
import { Faults } from './faults.ts';
import { GamePlatformModel } from './model.ts';
import { BASE_PATH, PlatformServer } from './platform-server.ts';
import { RequestLog } from './request-log.ts';
import type { ModelOptions } from './world.ts';

/** A faulty fake of the Game Platform for demo, tests and benchmarks; it listens on 127.0.0.1 only. */

export interface SimulatorOptions extends ModelOptions {
  /** A free port when not given. */
  readonly port?: number;
  /** The bearer token that it takes. */
  readonly token: string;
  /** How many times as often students solve, from now on. */
  readonly speed?: number;
  /** Lines a person may want to read; never names or e-mail addresses. */
  readonly onLog?: (line: string) => void;
}

export interface Simulator {
  /** Base URL of the integration API. */
  readonly url: string;
  /** Base URL of the control endpoint. */
  readonly controlUrl: string;
  readonly model: GamePlatformModel;
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** Ends every call in flight and frees the port. */
  stop(): Promise<void>;
}

/** Starts a simulator; rejects when the port is taken or the state file cannot be read. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const model = new GamePlatformModel(options);
  if (options.speed !== undefined) {
    model.setSpeed(options.speed);
  }
  const faults = new Faults(model.seed);
  const requests = new RequestLog();
  const onLog = options.onLog ?? (() => {});
  const platform = new PlatformServer({ model, faults, requests, token: options.token, onLog });
  const control = new Control({ model, faults, requests });
  const server = createServer((request, response) => {
    const served = control.takes(request)
      ? control.serve(request, response)
      : platform.serve(request, response);
    served.catch((error: unknown) => {
      onLog(`A call ended in an error of the simulator: ${error instanceof Error ? error.stack : 'unknown'}`);
      response.destroy();
    });
  });
  // A busy client's next request would meet a connection that is being closed after Node's five seconds.
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    url: `${origin}${BASE_PATH}`,
    controlUrl: `${origin}/__control`,
    model,
    faults,
    requests,
    stop: () =>
      new Promise((resolve, reject) => {
        server.close((error) => {
          if (error === undefined) {
            resolve();
          } else {
            reject(error);
          }
        });
        server.closeAllConnections();
      }),
  };
}

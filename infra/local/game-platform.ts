import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import {
  startSimulator,
  type Simulator,
  type SimulatorOptions,
} from '../../test/game-platform-simulator/index.ts';
import { keptPort } from './ports.ts';
import type { StateFile } from './state/stack-state.ts';

/** The vendor that the stack talks to. */
export interface GamePlatform {
  readonly baseUrl: string;
  readonly token: string;
  /** Undefined when the vendor is another one. */
  readonly simulator: Simulator | undefined;
}

/** Base URL and token of a vendor that is not simulated. */
export interface Vendor {
  readonly baseUrl: string;
  readonly token: string;
}

/** The given vendor, else a simulator that keeps its port, token and history over restarts. */
export async function openGamePlatform(
  vendor: Vendor | undefined,
  state: StateFile,
  stateDirectory: string,
  options: Omit<SimulatorOptions, 'port' | 'token'>,
): Promise<GamePlatform> {
  if (vendor !== undefined) return { ...vendor, simulator: undefined };
  const { ports, simulatorToken } = state.read();
  const token = simulatorToken ?? randomBytes(24).toString('base64url');
  const port = await keptPort(ports.simulator);
  const simulator = await startSimulator({
    stateFile: join(stateDirectory, 'simulator.json'),
    ...options,
    token,
    ...(port === undefined ? {} : { port }),
  });
  state.change({
    simulatorToken: token,
    ports: { ...state.read().ports, simulator: Number(new URL(simulator.url).port) },
  });
  return { baseUrl: simulator.url, token, simulator };
}

import { resolve } from 'node:path';
import { ConfigError } from '@obsgate/core/kernel';
import type { Command } from 'commander';
import type { CliIo } from '../io.ts';
import { addGateFlags, gateCommand, type GateFlags } from './gate.ts';

/** `obsgate reload [DIR] --prometheus-url URL`: the safe reload of a running server. */
export function addReloadCommand(program: Command, io: CliIo, finish: (exitCode: number) => void): void {
  const command = program
    .command('reload')
    .description('reload a running server safely: check first, reload at most three times, prove the result');
  addGateFlags(command, 'reload').action(async (directory: string, flags: GateFlags) => {
    if (flags.prometheusUrl === undefined) throw new ConfigError('name the running server', '--prometheus-url');
    const selection = { stages: ['reload-dry-run'], onlySelected: true, reloadMode: 'live' } as const;
    finish(await gateCommand(resolve(io.cwd, directory), flags, selection, io));
  });
}

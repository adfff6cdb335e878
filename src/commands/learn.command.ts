// `learn`: what the past teaches. With a file no database is touched, and what only a network needs is never read.

import type { Command } from './command.ts'
import { networkOption } from './runtime.ts'

export const learnCommand: Command = {
  usage: '[--seed 1] [--network …]',
  positionals: [],
  options: { seed: { type: 'string', about: 'the same episodes and seed give the same model' }, ...networkOption },
  run: async (invocation) => (await import('./learn-from-network.ts')).learnFromNetwork(invocation),
}

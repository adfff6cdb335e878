// `predict`: what a learned model says of every row of a file.

import type { Command } from './command.ts'

export const predictCommand: Command = {
  usage: '--model FOLDER --data FILE --out FILE',
  positionals: [],
  options: {
    model: { type: 'string', about: 'the folder that learn --out wrote' },
    data: { type: 'string', about: 'a .csv, .csv.gz or .parquet file with the same features' },
    out: { type: 'string', about: 'the CSV file to write, or - for standard output' },
  },
  run: async (invocation) => (await import('./predict-file.ts')).predictFile(invocation),
}

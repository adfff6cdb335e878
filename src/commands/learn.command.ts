// `learn`: what the past teaches. With a file no database is touched, and what only a network needs is never read.

import { WrongUse, type Command } from './command.ts'
import { networkOption } from './runtime.ts'

const fileOptions = {
  data: { type: 'string', about: 'a .csv, .csv.gz or .parquet file of past episodes; then no database is touched' },
  treatment: { type: 'string', about: 'the column that says which service was taken' },
  control: { type: 'string', about: 'its value that the others are compared with' },
  outcome: { type: 'string', about: 'the column of the outcome: yes or no, or a number' },
  categorical: { type: 'string', about: 'columns, with commas, that are names even where they look like numbers' },
  protected: { type: 'string', about: 'columns, with commas, that no one may be ranked by' },
  cluster: { type: 'string', about: 'the column of the site or adviser that rows share' },
  weights: { type: 'string', about: 'the column of weights' },
  'known-propensity': { type: 'string', about: 'such as p_*: the columns with the chance of each service' },
  threads: { type: 'string', about: 'how many threads compute; the answer is the same (2)' },
  trees: { type: 'string', about: 'how many trees the forest has' },
  out: { type: 'string', about: 'the folder that the model is written to' },
} as const satisfies Command['options']

const termsOptions = {
  cost: { type: 'string', about: 'such as a=0.03,b=0.01: what a service costs a person, in units of the outcome' },
  capacity: { type: 'string', about: 'such as a=0.2: for how large a share of the people there are places' },
} as const satisfies Command['options']

export const learnCommand: Command = {
  usage:
    '[--seed 1] [--cost a=…] [--capacity a=…] [--network …] | --data FILE --treatment … --control … --outcome … --out FOLDER [--seed 1] [--cost a=…] [--capacity a=…] [--threads 2] [--trees …]',
  positionals: [],
  options: {
    seed: { type: 'string', about: 'the same episodes and seed give the same model' },
    ...termsOptions,
    ...networkOption,
    ...fileOptions,
  },
  async run(invocation) {
    if (invocation.option('data') !== undefined) {
      if (invocation.option('network') !== undefined) throw new WrongUse('--network and --data do not go together.')
      return (await import('./learn-from-file.ts')).learnFromFile(invocation)
    }
    const alone = Object.keys(fileOptions).find((name) => invocation.option(name) !== undefined)
    if (alone !== undefined) throw new WrongUse(`--${alone} goes with --data.`)
    return (await import('./learn-from-network.ts')).learnFromNetwork(invocation)
  },
}

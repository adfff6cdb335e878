// The command: finds the sub-command and runs it.

import { runCommand, type CommandEntry } from '#commands/command.ts'

const commands: readonly CommandEntry[] = [
  {
    name: 'serve',
    summary: 'runs Waypost: the pages, and the background work unless --no-jobs',
    load: async () => (await import('#commands/serve.command.ts')).serveCommand,
  },
  {
    name: 'worker',
    summary: 'runs the background work alone, beside serve --no-jobs',
    load: async () => (await import('#commands/serve.command.ts')).workerCommand,
  },
  {
    name: 'migrate',
    summary: 'brings the database to the schema of this Waypost',
    load: async () => (await import('#commands/network.command.ts')).migrateCommand,
  },
  {
    name: 'demo',
    summary: 'fills an empty database with the invented demonstration network',
    load: async () => (await import('#commands/demo.command.ts')).demoCommand,
  },
  {
    name: 'network create',
    summary: 'makes a network and prints a one-use link for its administrator',
    load: async () => (await import('#commands/network.command.ts')).networkCreateCommand,
  },
  {
    name: 'staff invite',
    summary: 'makes an account and prints a one-use link to set its password',
    load: async () => (await import('#commands/network.command.ts')).staffInviteCommand,
  },
  {
    name: 'staff reset',
    summary: 'prints a one-use link to set a new password',
    load: async () => (await import('#commands/network.command.ts')).staffResetCommand,
  },
  {
    name: 'import directory',
    summary: 'takes in services and organisations: HSDS (CSV package or JSON) or the Ohana CSV layout',
    load: async () => (await import('#commands/import.command.ts')).importDirectoryCommand,
  },
  {
    name: 'import instrument',
    summary: 'takes in a set of questions: a FHIR R4 Questionnaire',
    load: async () => (await import('#commands/import.command.ts')).importInstrumentCommand,
  },
  {
    name: 'import episodes',
    summary: 'takes in past episodes from a CSV file, for the evidence',
    load: async () => (await import('#commands/import.command.ts')).importEpisodesCommand,
  },
  {
    name: 'import wages',
    summary: 'takes in wage records from a CSV file, as outcomes',
    load: async () => (await import('#commands/import.command.ts')).importWagesCommand,
  },
  {
    name: 'import occupations',
    summary: 'takes in occupations and skills: an ESCO release in CSV or an O*NET release in text',
    load: async () => (await import('#commands/import-occupations.command.ts')).importOccupationsCommand,
  },
  {
    name: 'import labour-market',
    summary: 'takes in growth and typical earnings by occupation from a CSV file',
    load: async () => (await import('#commands/import-occupations.command.ts')).importLabourMarketCommand,
  },
  {
    name: 'import findings',
    summary: 'takes in what studies elsewhere found of each type of service from a CSV file',
    load: async () => (await import('#commands/import-findings.command.ts')).importFindingsCommand,
  },
  {
    name: 'export directory',
    summary: 'writes the directory as an HSDS 3 CSV data package',
    load: async () => (await import('#commands/import.command.ts')).exportDirectoryCommand,
  },
  {
    name: 'learn',
    summary: 'learns from the past episodes that are there, or from those in a file',
    load: async () => (await import('#commands/learn.command.ts')).learnCommand,
  },
  {
    name: 'predict',
    summary: 'says for every row of a file what each service would add, with its doubt',
    load: async () => (await import('#commands/predict.command.ts')).predictCommand,
  },
  {
    name: 'explain',
    summary: 'says what a learned model found, and whether it may be believed',
    load: async () => (await import('#commands/explain.command.ts')).explainCommand,
  },
  {
    name: 'recommend',
    summary: 'prints what is suggested for a client, with reasons',
    load: async () => (await import('#commands/recommend.command.ts')).recommendCommand,
  },
  {
    name: 'status',
    summary: 'says which networks there are and what waits',
    load: async () => (await import('#commands/network.command.ts')).statusCommand,
  },
]

process.exitCode = await runCommand(commands, process.argv.slice(2))
// The channel to the process that started us must not keep us alive once the work is done.
if (process.connected) process.disconnect()

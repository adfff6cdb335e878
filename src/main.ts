// The command: finds the sub-command and runs it.

import { runCommand, type Command } from '#commands/command.ts'
import { demoCommand } from '#commands/demo.command.ts'
import {
  migrateCommand,
  networkCreateCommand,
  staffInviteCommand,
  staffResetCommand,
  statusCommand,
} from '#commands/network.command.ts'
import { serveCommand, workerCommand } from '#commands/serve.command.ts'

const commands: readonly Command[] = [
  serveCommand,
  workerCommand,
  migrateCommand,
  demoCommand,
  networkCreateCommand,
  staffInviteCommand,
  staffResetCommand,
  statusCommand,
]

process.exitCode = await runCommand(commands, process.argv.slice(2))
// The channel to the process that started us must not keep us alive once the work is done.
if (process.connected) process.disconnect()

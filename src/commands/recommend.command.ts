// `recommend`: what is suggested for one client, with reasons.

import { findClient } from '#clients/index.ts'
import { recommendForClient, reportRecommendation } from '#matching/index.ts'
import { presentingIn } from '#platform/http/presenting.ts'
import { parseId } from '#platform/ids.ts'
import { dayIn } from '#platform/dates.ts'
import { RefusedInput, type Command } from './command.ts'
import { englishWords, inNetwork, networkOption } from './runtime.ts'

export const recommendCommand: Command = {
  usage: '--client <id> [--network …]',
  positionals: [],
  options: {
    client: { type: 'string', about: "the client's id, from the address of the client's page" },
    ...networkOption,
  },
  run: (invocation) =>
    inNetwork(invocation, async (db, network) => {
      const id = parseId<'client'>(invocation.required('client'))
      const client = id && (await findClient(db, id))
      if (!client) throw new RefusedInput('There is no such client.')
      const now = new Date()
      const made = await recommendForClient(db, client, { now, today: dayIn(network.timeZone, now), network })
      const reader = { ...presentingIn(englishWords(), network.timeZone), network }
      const { document, lines } = reportRecommendation(made, reader)
      return { exit: 0, document, lines }
    }),
}

// `learn` and `recommend`: what the past teaches, and what it says for one client.

import { findClient } from '#clients/index.ts'
import { learn } from '#evidence/index.ts'
import { recommendForClient, reportRecommendation } from '#matching/index.ts'
import { presentingIn } from '#platform/http/presenting.ts'
import { parseId } from '#platform/ids.ts'
import { dayIn } from '#platform/dates.ts'
import { RefusedInput, WrongUse, type Command } from './command.ts'
import { englishWords, inNetwork, networkOption } from './runtime.ts'

export const learnCommand: Command = {
  usage: '[--seed 1] [--network …]',
  positionals: [],
  options: { seed: { type: 'string', about: 'the same episodes and seed give the same model' }, ...networkOption },
  run: (invocation) =>
    inNetwork(invocation, async (db, network) => {
      const seed = Number(invocation.option('seed') ?? 1)
      if (!Number.isSafeInteger(seed)) throw new WrongUse('--seed is a whole number.')
      let last = Date.now()
      const { version, model } = await learn(db, {
        ...{ networkId: network.id, now: new Date(), seed },
        onProgress(done, of) {
          if (Date.now() - last < 1000) return
          last = Date.now()
          invocation.progress(`${done} of ${of} draws`)
        },
      })
      const { card } = model
      const arms = card.counts.map(
        (arm) =>
          `  ${arm.type.padEnd(24)} ${arm.episodes} episodes, ${arm.known} with a known outcome, ${arm.working} working`,
      )
      return {
        exit: 0,
        document: { version, card },
        lines: [`Model ${version}, from ${card.episodes} episodes:`, ...arms],
      }
    }),
}

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

// `learn` without a file: the network's own past episodes become its model.

import { learn } from '#evidence/index.ts'
import { wholeNumber, type Invocation, type Outcome } from './command.ts'
import { tellProgress } from './long-work.ts'
import { inNetwork } from './runtime.ts'

export function learnFromNetwork(invocation: Invocation): Promise<Outcome> {
  return inNetwork(invocation, async (db, network) => {
    const seed = wholeNumber(invocation, 'seed') ?? 1
    const onProgress = tellProgress(invocation, 'Learning')
    const { version, model } = await learn(db, { networkId: network.id, now: new Date(), seed, onProgress })
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
  })
}

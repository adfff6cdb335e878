// What stands beside a ranking: what may be expected without help, what could change the picture, and what could come first.

import type { Client } from '#clients/index.ts'
import type { Panel, Scene } from '#platform/http/index.ts'
import { changesPanel, type Seen } from '../../changes/panels/changes.panel.ts'
import { prospectsPanel } from '../../prospects/panels/prospects.panel.ts'
import { sequencePanel } from './plan.panel.ts'

/** For the page of one recommendation, in the order in which they are talked about. */
export async function panelsBesideRanking(
  scene: Scene,
  client: Client,
  seen: Omit<Seen, 'clientId'>,
): Promise<readonly Panel[]> {
  return [
    await prospectsPanel(scene, seen),
    changesPanel(scene, { ...seen, clientId: client.id }),
    await sequencePanel(scene, client, seen),
  ]
}

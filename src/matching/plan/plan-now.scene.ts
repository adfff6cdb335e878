// A client's plan as it stands now: its steps judged by what is known of the client and what the directory offers today.

import { idsOfFile, type Client } from '#clients/index.ts'
import { checkRequirement, definitionOf, factNature, factsOf, findService, type Facts } from '#directory/index.ts'
import type { Scene } from '#platform/http/index.ts'
import { parseId, type ClientId } from '#platform/ids.ts'
import { referralsOfClient, type KeptReferral } from '#referrals/index.ts'
import { listStaff } from '#staff/index.ts'
import type { OfferedService } from '../catalogue.ts'
import { offerNow } from '../catalogues.store.ts'
import { personOf } from '../recommend-client.run.ts'
import { planVersions, type PlanVersion } from './plan-versions.store.ts'
import type { Judging, Plan } from './plan.ts'
import { bestStanding, type Checking } from './standing.ts'

/** The directory's rules and lore of facts, as standings are judged by. */
export const checking: Checking = { checkRequirement, factsOf, definitionOf, natureOf: factNature }

export interface PlanNow {
  readonly client: Client
  readonly ids: readonly ClientId[]
  /** The latest first. */
  readonly versions: readonly PlanVersion[]
  readonly plan: Plan
  readonly facts: Facts
  /** What is offered now. */
  readonly services: readonly OfferedService[]
  /** Names of services by id, those of the plan that are offered no more among them. */
  readonly names: ReadonlyMap<string, string>
  readonly judging: Judging
  readonly referrals: readonly KeptReferral[]
  readonly staffNames: ReadonlyMap<string, string>
}

export async function planNow(scene: Scene, client: Client): Promise<PlanNow> {
  const ids = await idsOfFile(scene.db, client.id)
  const versions = await planVersions(scene.db, ids)
  const plan = versions[0]?.plan ?? []
  const { facts } = await personOf(scene.db, client, scene)
  const { network, today } = scene
  const { catalogue } = await offerNow(scene.db, {
    ...{ networkId: network.id, timeZone: network.timeZone, today, modelId: null },
  })
  const { services } = catalogue
  const byId = new Map<string, OfferedService>(services.map((service) => [service.id, service]))
  const byType = Map.groupBy(services, ({ serviceType }) => serviceType as string | null)
  const names = new Map<string, string>(services.map(({ id, name }) => [id, name]))
  for (const { serviceId } of versions.flatMap((version) => version.plan)) {
    const id = names.has(serviceId ?? '') ? null : parseId<'service'>(serviceId)
    const gone = id && (await findService(scene.db, id))
    if (gone) names.set(gone.id, gone.name)
  }
  return {
    ...{ client, ids, versions, plan, facts, services, names },
    judging: {
      facts,
      definitionOf,
      standingOf({ type, serviceId }, known) {
        const own = serviceId === null ? null : byId.get(serviceId)
        // A step that is no service asks nothing of anybody.
        if (serviceId === null && type === null) return { kind: 'open' }
        return bestStanding(serviceId === null ? (byType.get(type) ?? []) : own ? [own] : [], known, checking)
      },
    },
    referrals: await referralsOfClient(scene.db, ids),
    staffNames: new Map((await listStaff(scene.db)).map(({ id, name }) => [id, name])),
  }
}

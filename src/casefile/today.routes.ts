// Today: what waits for this person, across all features, in the order in which it is due.

import { idsOfCaseload, recentClients } from '#clients/index.ts'
import { clientQuestionItems } from '#matching/index.ts'
import { followUpItems } from '#outcomes/index.ts'
import { choiceItems, proposalItems } from '#matching/index.ts'
import { page, type Routes } from '#platform/http/index.ts'
import { capacityItems, incomingItems, informalItems, messageItems, referralItems } from '#referrals/index.ts'
import { todayPage } from './pages/today.page.ts'
import { orderDay } from './today.ts'

export function todayRoutes(routes: Routes): void {
  routes.staff('GET', '/today', { roles: ['adviser', 'manager'] }, async (scene) => {
    const caseload = await idsOfCaseload(scene.db, scene.actor.id)
    const items = [...(await referralItems(scene, caseload)), ...(await informalItems(scene, caseload))]
    items.push(...(await followUpItems(scene, caseload)))
    items.push(...(await clientQuestionItems(scene, caseload)))
    items.push(...(await messageItems(scene)), ...(await capacityItems(scene)), ...(await incomingItems(scene)))
    items.push(...(await proposalItems(scene)), ...(await choiceItems(scene)))
    const { now, today, network } = scene
    return page(
      'casefile/pages/today.njk',
      todayPage(scene, {
        day: orderDay(items, { now, today, timeZone: network.timeZone }),
        recent: await recentClients(scene.db, scene.actor.id),
      }),
    )
  })
}

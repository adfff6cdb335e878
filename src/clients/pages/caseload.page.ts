// Who takes over the files of someone who leaves.

import { noProblems, type FieldProblem, type Scene } from '#platform/http/index.ts'
import type { StaffMember } from '#staff/index.ts'

interface HandingOver {
  readonly member: StaffMember
  readonly successors: readonly StaffMember[]
  readonly problems: readonly FieldProblem[]
  /** Only files of the sites that this person manages. */
  readonly isPart: boolean
  readonly backHref: string
}

export function caseloadPage(scene: Scene, { member, successors, problems, isPart, backHref }: HandingOver) {
  return {
    title: scene.t('clients.caseload.title'),
    problems: problems.length > 0 ? scene.problems(problems) : noProblems,
    memberName: member.name,
    explain: scene.t(isPart ? 'clients.caseload.explain_part' : 'clients.caseload.explain', { name: member.name }),
    backHref,
    action: `/settings/staff/${member.id}/caseload`,
    successors: [
      { value: '', text: scene.t('clients.caseload.choose') },
      ...successors.map(({ id, name }) => ({ value: id, text: name })),
    ],
  }
}

// Who takes over the files of someone who leaves.

import { noProblems, type FieldProblem, type Scene } from '#platform/http/index.ts'
import type { StaffMember } from '#staff/index.ts'

interface HandingOver {
  readonly member: StaffMember
  readonly successors: readonly StaffMember[]
  readonly problems: readonly FieldProblem[]
}

export function caseloadPage(scene: Scene, { member, successors, problems }: HandingOver) {
  return {
    title: scene.t('clients.caseload.title'),
    problems: problems.length > 0 ? scene.problems(problems) : noProblems,
    memberName: member.name,
    backHref: `/settings/staff/${member.id}`,
    action: `/settings/staff/${member.id}/caseload`,
    successors: [
      { value: '', text: scene.t('clients.caseload.choose') },
      ...successors.map(({ id, name }) => ({ value: id, text: name })),
    ],
  }
}

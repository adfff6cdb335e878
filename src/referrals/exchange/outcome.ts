// Refusals as FHIR says them: an OperationOutcome that names what is wrong and where.

import type { OperationOutcome } from '@medplum/fhirtypes'
import type { z } from 'zod'
import type { ReferralProblem } from '../referral.ts'

/** The codes of FHIR R4's issue-type that the exchange uses. */
export type IssueCode =
  | 'structure'
  | 'required'
  | 'value'
  | 'business-rule'
  | 'conflict'
  | 'duplicate'
  | 'login'
  | 'forbidden'
  | 'not-found'
  | 'throttled'
  | 'too-long'
  | 'not-supported'
  | 'exception'

export interface Issue {
  readonly code: IssueCode
  /** A sentence for the developer at the other end. Names fields and codes, repeats no value. */
  readonly says: string
  /** `Task.statusReason`; left out where it is about the whole. */
  readonly at?: string
}

export function outcomeOf(issues: readonly [Issue, ...Issue[]] | Issue): OperationOutcome {
  const list: readonly Issue[] = 'code' in issues ? [issues] : issues
  return {
    resourceType: 'OperationOutcome',
    issue: list.map(({ code, says, at }) => ({
      severity: 'error',
      code,
      diagnostics: says,
      ...(at === undefined ? {} : { expression: [at] }),
    })),
  }
}

/** What a schema refused, with the path of each field in FHIRPath's manner: `Task.output[0].valueDate`. */
export function issuesOf(resource: string, { issues }: z.ZodError): readonly [Issue, ...Issue[]] {
  const [first, ...rest] = issues.slice(0, 20).map((issue): Issue => {
    const at = [resource, ...issue.path].reduce<string>(
      (path, part) =>
        typeof part === 'number' ? `${path}[${part}]` : path === '' ? String(part) : `${path}.${String(part)}`,
      '',
    )
    return { code: issue.code === 'custom' ? 'value' : 'structure', says: sayOf(issue), at }
  })
  return first ? [first, ...rest] : [{ code: 'structure', says: 'The resource cannot be read.', at: resource }]
}

/** Why the referral does not take what was said, and with which status that is answered. */
export function refusalOf(problem: ReferralProblem): { readonly status: 409 | 422; readonly issue: Issue } {
  const at = 'Task.status'
  switch (problem.code) {
    case 'already_answered':
    case 'already_ended':
      return { status: 409, issue: { code: 'conflict', at, says: `The referral is ${problem.state} already.` } }
    case 'changed_meanwhile':
      return {
        status: 409,
        issue: { code: 'conflict', says: 'The referral was changed in the meantime. Read it again.' },
      }
    case 'form_of_another':
      return { status: 409, issue: { code: 'conflict', says: 'The event has been told of another referral already.' } }
    case 'not_now':
      return {
        status: 422,
        issue: { code: 'business-rule', at, says: `The referral is ${problem.state}: that cannot come next.` },
      }
    case 'not_theirs':
      return { status: 422, issue: { code: 'business-rule', at, says: 'That is not for a partner to say.' } }
    case 'in_the_future':
      return {
        status: 422,
        issue: { code: 'business-rule', at: 'Task.output', says: 'What is reported lies in the future.' },
      }
    case 'cannot_be_corrected':
      return { status: 422, issue: { code: 'business-rule', says: 'This cannot be corrected.' } }
  }
}

// zod's own sentences may repeat a value; these say what is expected.
function sayOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'custom':
      return issue.message
    case 'invalid_type':
      return `A ${issue.expected} is expected here.`
    case 'invalid_value':
      return `One of these is expected here: ${issue.values.map(String).join(', ')}.`
    case 'too_big':
      return `At most ${String(issue.maximum)} are taken here.`
    case 'too_small':
      return `At least ${String(issue.minimum)} is needed here.`
    default:
      return 'This cannot be read.'
  }
}

// What each column of a file is for, as its owner declares it. Nothing is guessed from a name: every column without a role is
// a feature, and a role without its column refuses the file.

import { ok, refused, type Result } from '#platform/result.ts'
import { listed, problem, type DatasetProblem } from './problem.ts'

export interface Roles {
  readonly treatment: string
  /** The treatment's value that the others are compared with. */
  readonly control: string
  readonly outcome: string
  /** Features that are names even where they look like numbers. */
  readonly categorical?: readonly string[]
  /** Features whose levels have an order, from least to most. */
  readonly ordered?: Readonly<Record<string, readonly string[]>>
  readonly protected?: readonly string[]
  readonly cluster?: string | null
  readonly weights?: string | null
  /** A pattern with one star, such as `p_*`: column p_<arm> holds the chance with which the arm was drawn. */
  readonly knownPropensity?: string | null
}

/** What a column of the source can be read as. CSV is all text. */
export type SourceKind = 'text' | 'number' | 'yes_no' | 'other'

export interface SourceColumn {
  readonly name: string
  readonly kind: SourceKind
  /** What the file calls its type. */
  readonly type: string
}

export interface FeatureRole {
  /** The column's place in the file. */
  readonly place: number
  readonly name: string
  readonly isProtected: boolean
  /** `read`: a number where all known cells are numbers, else a category. */
  readonly as: 'read' | 'category' | 'ordered'
  readonly levels: readonly string[]
}

export interface AssignedRoles {
  readonly treatment: number
  readonly outcome: number
  readonly cluster: number | null
  readonly weight: number | null
  /** Arm → the place of its column. */
  readonly propensity: ReadonlyMap<string, number> | null
  readonly features: readonly FeatureRole[]
}

/** The most arms a table may have, the control among them. */
export const mostArms = 64

export function assignRoles(columns: readonly SourceColumn[], roles: Roles): Result<AssignedRoles, DatasetProblem> {
  const fault = faultOfNames(columns) ?? faultOfRoles(columns, roles)
  if (fault) return refused(fault)
  const placeOf = (name: string) => columns.findIndex((column) => column.name === name)
  const propensity = propensityColumns(columns, roles)
  if (propensity?.size === 0) {
    return refused(problem('missing_column', `No column of the file fits the pattern “${roles.knownPropensity}”.`))
  }
  const taken = new Set<number>([placeOf(roles.treatment), placeOf(roles.outcome), ...(propensity?.values() ?? [])])
  for (const name of [roles.cluster, roles.weights]) if (name != null) taken.add(placeOf(name))
  const features = columns.flatMap((column, place) =>
    taken.has(place) ? [] : [featureRole(column.name, place, roles)],
  )
  const misplaced = featureNames(roles).filter((name) => taken.has(placeOf(name)))
  if (misplaced.length > 0) {
    return refused(problem('roles', `Declared as a feature, but named for something else: ${listed(misplaced)}.`))
  }
  if (features.length === 0) return refused(problem('no_feature', 'No column is left as a feature.'))
  const strange = columns.find((column) => column.kind === 'other')
  if (strange) {
    const sentence = `Column “${strange.name}” is ${strange.type}, which is neither number nor text; leave it out or convert it.`
    return refused(problem('column_type', sentence))
  }
  return ok({
    treatment: placeOf(roles.treatment),
    outcome: placeOf(roles.outcome),
    cluster: roles.cluster == null ? null : placeOf(roles.cluster),
    weight: roles.weights == null ? null : placeOf(roles.weights),
    propensity,
    features,
  })
}

/** The arms in their order, control first, or why there are none to compare. */
export function orderArms(
  found: readonly string[],
  roles: Roles,
  propensity: ReadonlyMap<string, number> | null,
): Result<readonly string[], DatasetProblem> {
  const { treatment, control } = roles
  if (!found.includes(control)) {
    return refused(
      problem('control', `The control “${control}” is no value of “${treatment}”, which has ${listed(found)}.`),
    )
  }
  if (found.length < 2)
    return refused(problem('arms', `“${treatment}” says “${control}” alone: nothing to compare with.`))
  if (found.length > mostArms) {
    return refused(problem('arms', `“${treatment}” has ${found.length} values; at most ${mostArms} can be compared.`))
  }
  const arms = [control, ...inOrder(found.filter((arm) => arm !== control))]
  if (!propensity) return ok(arms)
  const without = arms.filter((arm) => !propensity.has(arm))
  if (without.length > 0) {
    return refused(problem('missing_column', `No column of “${roles.knownPropensity}” for ${listed(without)}.`))
  }
  const unused = [...propensity.keys()].filter((arm) => !found.includes(arm))
  if (unused.length === 0) return ok(arms)
  return refused(problem('arms', `“${roles.knownPropensity}” has columns for ${listed(unused)}, which nobody took.`))
}

/** Levels in the order of their numbers where all are numbers, else of their characters: the same on every machine. */
export function inOrder(labels: readonly string[]): string[] {
  const areNumbers = labels.every((label) => label !== '' && Number.isFinite(Number(label)))
  const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  return [...labels].sort((a, b) => (areNumbers ? Number(a) - Number(b) || byText(a, b) : byText(a, b)))
}

export function faultOfNames(columns: readonly SourceColumn[]): DatasetProblem | null {
  const unnamed = columns.findIndex((column) => column.name.trim() === '')
  if (unnamed >= 0) return problem('no_name', `Column ${unnamed + 1} of the file has no name.`)
  const seen = new Set<string>()
  for (const { name } of columns) {
    if (seen.has(name)) return problem('same_name', `Two columns of the file are called “${name}”.`)
    seen.add(name)
  }
  return null
}

function faultOfRoles(columns: readonly SourceColumn[], roles: Roles): DatasetProblem | null {
  const single = [roles.treatment, roles.outcome, roles.cluster, roles.weights].filter((name) => name != null)
  const missing = [...new Set([...single, ...featureNames(roles)])].filter(
    (name) => !columns.some((column) => column.name === name),
  )
  if (missing.length > 0) {
    const has = listed(columns.map((column) => column.name))
    return problem('missing_column', `The file has no column ${listed(missing)}; it has ${has}.`)
  }
  const twice = single.find((name, place) => single.indexOf(name) !== place)
  if (twice !== undefined) return problem('roles', `“${twice}” is named for two things.`)
  const both = (roles.categorical ?? []).find((name) => roles.ordered && Object.hasOwn(roles.ordered, name))
  if (both !== undefined) return problem('roles', `“${both}” is named as a category and as ordered.`)
  const pattern = roles.knownPropensity
  if (pattern != null && pattern.split('*').length !== 2) {
    return problem('roles', `The pattern “${pattern}” must hold one star, in the place of the arm.`)
  }
  return null
}

function featureNames({ categorical = [], ordered = {}, protected: isProtected = [] }: Roles): readonly string[] {
  return [...categorical, ...Object.keys(ordered), ...isProtected]
}

function featureRole(name: string, place: number, roles: Roles): FeatureRole {
  const isProtected = roles.protected?.includes(name) ?? false
  const levels = roles.ordered && Object.hasOwn(roles.ordered, name) ? roles.ordered[name] : undefined
  if (levels) return { place, name, isProtected, as: 'ordered', levels }
  return { place, name, isProtected, as: roles.categorical?.includes(name) ? 'category' : 'read', levels: [] }
}

function propensityColumns(columns: readonly SourceColumn[], roles: Roles): Map<string, number> | null {
  if (roles.knownPropensity == null) return null
  const [before = '', after = ''] = roles.knownPropensity.split('*')
  const others: readonly (string | null | undefined)[] = [roles.treatment, roles.outcome, roles.cluster, roles.weights]
  const found = new Map<string, number>()
  columns.forEach(({ name }, place) => {
    const fits = name.startsWith(before) && name.endsWith(after) && name.length > before.length + after.length
    if (fits && !others.includes(name)) found.set(name.slice(before.length, name.length - after.length), place)
  })
  return found
}

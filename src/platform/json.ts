// JSON from outside.

/** Whether lists and objects lie inside each other more than so many levels deep: reading them would exhaust the stack. */
export function isDeeperThan(levels: number, json: unknown): boolean {
  if (typeof json !== 'object' || json === null) return false
  return levels === 0 || Object.values(json).some((value) => isDeeperThan(levels - 1, value))
}

// How somebody is tried next.

export const waysToReach = ['phone', 'message', 'email', 'letter', 'at_centre'] as const
export type WayToTry = (typeof waysToReach)[number]

// What a person needs so that they can take part. It travels with them to the appointment at the other end.

/** In the order of a form, by group. An interpreter stands on the file itself, with the language. What no code says is written in words beside them. */
export const accessNeedGroups = {
  language: ['letters_in_own_language', 'sign_language'],
  format: ['easy_words', 'read_aloud', 'large_print', 'audio', 'braille'],
  mobility: ['step_free', 'accessible_toilet', 'parking_near', 'home_or_remote'],
  hearing: ['hearing_loop', 'written_conversation'],
  sight: ['sight_guide', 'screen_reader'],
  surroundings: ['quiet_space', 'short_meetings', 'support_person', 'assistance_animal', 'childcare'],
} as const

export type AccessNeedGroup = keyof typeof accessNeedGroups
export type AccessNeed = (typeof accessNeedGroups)[AccessNeedGroup][number]

const { language, format, mobility, hearing, sight, surroundings } = accessNeedGroups
export const accessNeeds = [...language, ...format, ...mobility, ...hearing, ...sight, ...surroundings] as const

export function isAccessNeed(code: string): code is AccessNeed {
  return (accessNeeds as readonly string[]).includes(code)
}

/** In the order of the form, each once. */
export function inFormOrder(chosen: readonly AccessNeed[]): readonly AccessNeed[] {
  return accessNeeds.filter((need) => chosen.includes(need))
}

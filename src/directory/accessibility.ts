// What makes a place reachable and usable: a few codes, read from the words of directories.

/** In the order in which they are offered. */
export const accessibilityCodes = [
  'step_free',
  'lift',
  'toilet',
  'parking',
  'hearing_loop',
  'sign_language',
  'braille',
  'large_print',
  'quiet_room',
  'assistance_dog',
  'public_transport',
] as const

export type AccessibilityCode = (typeof accessibilityCodes)[number]

// Words as directories write them; the Ohana codes (disabled_parking, tape_braille, …) among them.
const words: Readonly<Record<AccessibilityCode, RegExp>> = {
  step_free: /wheel-?chair|ramp|step[- ]?free|level access|barrier[- ]free/i,
  lift: /elevator|\blifts?\b/i,
  toilet: /restroom|toilet|washroom/i,
  parking: /parking|car park/i,
  hearing_loop: /induction loop|hearing loop|t-?coil|\bloops?\b|assistive listening/i,
  sign_language: /sign language|\b[ab]sl\b|deaf interpreter/i,
  braille: /braille/i,
  large_print: /large print/i,
  quiet_room: /quiet (room|space)|low[- ]sensory/i,
  assistance_dog: /(guide|assistance|service)[- ]dog|service animal/i,
  public_transport: /^public transport$|accessible (bus|tram|train|transit|transport)/i,
}

// "No lift", "not wheelchair accessible": the sentence says the contrary of the word in it.
const denial = /\b(no|not|without|isn't|is no)\b/i

/** The codes that a text speaks for, sentence by sentence; a sentence that denies gives none. */
export function accessibilityIn(text: string): AccessibilityCode[] {
  const sentences = text
    .replaceAll('_', ' ')
    .split(/[.;\n]+/)
    .filter((sentence) => !denial.test(sentence))
  return accessibilityCodes.filter((code) => sentences.some((sentence) => words[code].test(sentence)))
}

/** messages: directory.accessibility.* */
export function accessibilityKey(code: AccessibilityCode): string {
  return `directory.accessibility.${code}`
}

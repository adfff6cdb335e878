// What waits for a person, from whichever feature: one shape, so that Today can put all of it in one order.

import type { Panel } from './ui/render.ts'

/** One thing to do, or to wait for. */
export interface DueItem {
  /** By when it must have happened. */
  readonly due: Date
  readonly href: string
  /** A person's or partner's name, in nobody's language. */
  readonly title: string
  /** What it is about, in nobody's language: a service's name. Null when the sentence says it all. */
  readonly about: string | null
  /** What is wanted, as a sentence. */
  readonly wanted: string
  readonly tag: { readonly text: string; readonly tone: 'good' | 'wait' | 'stop' | 'plain' } | null
  /** `others`: somebody else must act; it is this person's again once it is late. */
  readonly waitsFor: 'me' | 'others'
  /** Buttons that answer it on the spot, where one click is enough. */
  readonly answers?: Panel
}

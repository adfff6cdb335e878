// What the pool and its threads say to each other.

/** To a thread. A run is told once to each thread that works on it; its tasks follow one at a time. */
export type ToThread =
  | { readonly kind: 'begin'; readonly run: number; readonly module: string; readonly name: string; shared: unknown }
  | { readonly kind: 'task'; readonly run: number; readonly index: number; readonly task: unknown }
  | { readonly kind: 'end'; readonly run: number }

/** From a thread: one message a task. */
export type FromThread =
  | { readonly kind: 'answer'; readonly run: number; readonly index: number; readonly answer: unknown }
  | { readonly kind: 'failure'; readonly run: number; readonly index: number; readonly error: unknown }

// Inputs that every thread reads, and answers that go back: which memory is shared, and which changes hands.

/** A copy of plain objects and arrays in which each typed array lies in shared memory; what is shared already stays as it
 *  is, and an array that occurs twice is copied once. Strings, numbers, booleans and null pass through. Throws a TypeError
 *  for what is neither (functions, class instances): a thread could not use it. O(bytes). */
export function shareBuffers<T>(value: T): T {
  return copyWith(value, new Map(), 'shared') as T
}

/** Makes the answer of a task ready to leave its thread: a typed array that is a window on a larger buffer is copied out of
 *  it, and the buffers to hand over are listed. The task must not use them afterwards. */
export function giveAway(answer: unknown): { readonly answer: unknown; readonly transfer: ArrayBuffer[] } {
  const transfer = new Set<ArrayBuffer>()
  const copy = (value: unknown): unknown => {
    if (ArrayBuffer.isView(value)) {
      if (!(value.buffer instanceof ArrayBuffer)) return value
      const whole = value.byteLength === value.buffer.byteLength ? value : copyOfWindow(value as View, ArrayBuffer)
      transfer.add(whole.buffer as ArrayBuffer)
      return whole
    }
    if (Array.isArray(value)) return value.map(copy)
    if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, copy(part)]))
    return value
  }
  return { answer: copy(answer), transfer: [...transfer] }
}

type View = NodeJS.ArrayBufferView

function copyWith(value: unknown, known: Map<object, unknown>, path: string): unknown {
  if (value === null || ['number', 'string', 'boolean', 'undefined'].includes(typeof value)) return value
  if (typeof value === 'object') {
    const earlier = known.get(value)
    if (earlier !== undefined) return earlier
    if (ArrayBuffer.isView(value)) {
      const view = value as View
      const shared = view.buffer instanceof SharedArrayBuffer ? view : copyOfWindow(view, SharedArrayBuffer)
      known.set(value, shared)
      return shared
    }
    if (Array.isArray(value)) return value.map((part, place) => copyWith(part, known, `${path}[${place}]`))
    if (isPlain(value))
      return Object.fromEntries(
        Object.entries(value).map(([name, part]) => [name, copyWith(part, known, `${path}.${name}`)]),
      )
  }
  throw new TypeError(`${path} cannot be shared between threads: it is neither plain nor a typed array`)
}

/** The same type and values on a buffer of their own. */
function copyOfWindow(view: View, Memory: typeof ArrayBuffer | typeof SharedArrayBuffer): View {
  const bytes = new Uint8Array(new Memory(view.byteLength))
  bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
  if (view instanceof DataView) return new DataView(bytes.buffer)
  const Kind = view.constructor as new (buffer: ArrayBufferLike) => View
  // A Buffer's own constructor is not for outside use; its bytes are a Uint8Array's.
  return Buffer.isBuffer(view) ? bytes : new Kind(bytes.buffer)
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

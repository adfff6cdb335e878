// A person with a browser, as far as answering needs one: keeps cookies, reads a form's hidden fields, and says again what
// came second.

import { newId } from '#platform/ids.ts'

export interface Page {
  /** The page as it is now; null when it leads elsewhere. */
  read(path: string): Promise<string | null>
  /** Gives the status; redirects are not followed. */
  post(path: string, fields: Readonly<Record<string, string>>): Promise<number>
}

export interface Person {
  readonly page: Page
  readonly base: string
  readonly acts: readonly { readonly act: string; readonly fields: Readonly<Record<string, string>> }[]
}

export interface Attempts {
  /** Ids of the events that were confirmed. */
  readonly taken: readonly string[]
  readonly conflicts: number
}

const mostTries = 40

/** Does the acts in order. A conflict shows the page anew; what still fits is said again, what somebody else said is left. */
export async function actUntilTaken({ page, base, acts }: Person): Promise<Attempts> {
  const taken: string[] = []
  let conflicts = 0
  for (const { act, fields } of acts) {
    for (let tries = 0; ; tries++) {
      if (tries === mostTries) throw new Error(`${act} was in conflict ${mostTries} times.`)
      const shown = await page.read(`${base}/${act}`)
      // Somebody else has said it: it is asked no more.
      if (shown === null) break
      const event = newId()
      const seen = /name="seen" value="(\d+)"/.exec(shown)?.[1]
      const status = await page.post(`${base}/${act}`, { ...fields, event, ...(seen ? { seen } : {}) })
      if (status === 303) {
        taken.push(event)
        break
      }
      if (status !== 409) throw new Error(`${act} was answered with ${status}.`)
      conflicts += 1
    }
  }
  return { taken, conflicts }
}

/** A browser. The token of its forms comes from the first page that has one. */
export async function aPage(origin: string, cookies: Readonly<Record<string, string>>): Promise<Page> {
  const jar = new Map(Object.entries(cookies))
  const ask = async (at: string, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ')
    const answer = await fetch(new URL(at, origin), {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, cookie },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, decodeURIComponent(value))
    }
    return answer
  }
  const signIn = await (await ask('/sign-in')).text()
  const token = /name="_csrf" value="([^"]+)"/.exec(signIn)?.[1] ?? ''
  return {
    async read(path) {
      const answer = await ask(path)
      const text = await answer.text()
      return answer.status === 200 ? text : null
    },
    async post(at, fields) {
      const body = new URLSearchParams({ _csrf: token, ...fields })
      const answer = await ask(at, { method: 'POST', body })
      await answer.arrayBuffer()
      return answer.status
    },
  }
}

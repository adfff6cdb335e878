// What a page asks while somebody types: names of occupations. Without scripts the same search is a form with a page of results.

import { z } from 'zod'
import { file, type Routes } from '#platform/http/index.ts'
import { searchOccupations } from './occupation-search.store.ts'

const fewestLetters = 3
const mostNames = 8

export function occupationRoutes(routes: Routes): void {
  const query = z.object({ q: z.string().max(200).default('') })
  const options = { query, roles: ['adviser', 'manager'] } as const
  routes.staff('GET', '/occupations/names.json', options, async (scene, { query: { q } }) => {
    const isEnough = q.trim().length >= fewestLetters
    const { occupations } = isEnough
      ? await searchOccupations(scene.db, q, { wished: [scene.locale], most: mostNames })
      : { occupations: [] }
    const names = [...new Set(occupations.map(({ name, foundAs }) => foundAs?.label ?? name))]
    return file('names.json', 'application/json', JSON.stringify(names))
  })
}

// The address of the script that offers names of occupations while somebody types, with its content's hash.

import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

const content = fs.readFileSync(path.join(import.meta.dirname, '..', '..', 'assets', 'occupations.js'))
const hash = createHash('sha256').update(content).digest('hex').slice(0, 12)

export const suggestScript = `/assets/assessment/occupations.js?v=${hash}`

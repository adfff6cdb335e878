// The address of the script that reveals questions at once, with its content's hash: browsers keep it until it changes.

import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

const content = fs.readFileSync(path.join(import.meta.dirname, '..', 'assets', 'conditions.js'))
const hash = createHash('sha256').update(content).digest('hex').slice(0, 12)

export const conditionsScript = `/assets/assessment/conditions.js?v=${hash}`

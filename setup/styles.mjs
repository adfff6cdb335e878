// Builds the style sheet from its source into node_modules/.cache: nothing built is kept with the code.

import fs from 'node:fs'
import path from 'node:path'
import * as sass from 'sass'

const root = path.join(import.meta.dirname, '..')
const folder = path.join(root, 'node_modules', '.cache', 'waypost', 'assets')

const { css } = sass.compile(path.join(root, 'src', 'platform', 'ui', 'waypost.scss'), {
  loadPaths: [path.join(root, 'node_modules'), root],
  style: 'compressed',
  // The design system's own files use features that Sass will drop one day; that is theirs to mend.
  quietDeps: true,
  silenceDeprecations: ['import', 'global-builtin', 'if-function'],
})
fs.mkdirSync(folder, { recursive: true })
fs.writeFileSync(path.join(folder, 'waypost.css'), css)

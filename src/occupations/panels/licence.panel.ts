// Whose words are shown, and under which licence: at the foot of every page that shows some.

import type { Panel, Scene } from '#platform/http/index.ts'
import type { SourceCode } from '../occupation.ts'
import { sourcesNamed } from '../occupations.store.ts'

// messages: occupations.licence.*

export function licencePanel(scene: Pick<Scene, 't'>, shown: Iterable<{ readonly source: SourceCode }>): Panel {
  return {
    template: 'occupations/panels/licence.njk',
    model: {
      lines: sourcesNamed(shown)
        .filter(({ source }) => source !== 'waypost')
        .map(({ source, url }) => ({ text: scene.t(`occupations.licence.${source}`), url })),
    },
  }
}

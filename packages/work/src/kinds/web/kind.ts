// Data from the web: fetch public pages and hand in their text. Several accounts fetch each page; who saw what most saw
// is paid.
import { JUDGED_OUTPUT_BYTES } from '@piecework/protocol'
import { defineKind, type Kind } from '../../kind.ts'
import { SPEC_BYTES } from '../../spec.ts'
import { judgePages } from './judge.ts'
import { readPage } from './page.ts'
import { type WebSpec, webSpec } from './spec.ts'
import { visit, type WebTask } from './visit.ts'

/** Part of a million: only who answered too late is drawn in vain. */
const USUAL_RATE = 50_000
/** A page of two MiB with its parsed elements. */
const MEMORY_BYTES = 134_217_728
/** The page and its robots.txt, each with its redirects. */
const WALL_MS = 60_000

export const kind: Kind = defineKind<WebSpec, WebTask>({
  name: 'web',
  id: 3,
  version: 1,
  allocation: 'dealt',
  checking: 'across',
  delivery: 'all',
  rate: USUAL_RATE,
  limits: {
    specBytes: SPEC_BYTES,
    outputBytes: JUDGED_OUTPUT_BYTES,
    memoryBytes: MEMORY_BYTES,
    wallMs: WALL_MS,
  },
  spec: webSpec,
  describe: ({ hosts }) => {
    const more = hosts.length > 3 ? ` and ${hosts.length - 3} other hosts` : ''
    return `Fetch public pages of ${hosts.slice(0, 3).join(', ')}${more} through your connection, as far as their robots.txt allows.`
  },
  permissions: ({ hosts }) => ({ hosts, files: [], devices: [] }),
  needs: ({ pages }) => [pages],
  task: (spec, index) => ({ spec, index }),
  perform: visit,
  units: () => 1,
  result: (_, output) => readPage(output) ?? { unreadable: true },
  aggregate: judgePages,
})

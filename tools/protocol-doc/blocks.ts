// Every generated block of docs/protocol.md.
import { describeCodecs } from './codecs.ts'
import { errorTable } from './errors.ts'
import { limitTable } from './limits.ts'
import type { Blocks } from './page.ts'
import { paramTable } from './params.ts'
import { sectionTable } from './sections.ts'
import { tagTable } from './tags.ts'
import { vectorTable } from './vectors.ts'

export async function protocolBlocks(): Promise<Blocks> {
  return new Map([
    ['tags', tagTable()],
    ['messages', await describeCodecs('codecs')],
    ['sections', sectionTable()],
    ['state', await describeCodecs('state')],
    ['limits', limitTable()],
    ['parameters', paramTable()],
    ['errors', errorTable()],
    ['vectors', vectorTable()],
  ])
}

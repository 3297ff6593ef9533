// The table of the state's sections, in the order of the manifest.
import { SECTIONS } from '../../packages/protocol/src/state/sections.ts'
import { code, tableOf } from './markdown.ts'

export function sectionTable(): string {
  const rows = SECTIONS.map(({ name, tag }, i) => [String(i), name, code(tag)])
  return tableOf({ head: ['place', 'section', 'tag of its pages'], rows })
}

// The table of limits: their values from the code, their reasons from the comments above them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as limits from '../../packages/protocol/src/limits.ts'
import { code, count, tableOf } from './markdown.ts'

const FILE: string = join(import.meta.dirname, '..', '..', 'packages', 'protocol', 'src', 'limits.ts')

const COMMENTED = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport const ([A-Z_]+)\b/g

/** The comment right above each constant. */
function reasonsIn(text: string): ReadonlyMap<string, string> {
  const found = [...text.matchAll(COMMENTED)]
  return new Map(found.map(([, comment = '', name = '']) => [name, plain(comment)]))
}

function plain(comment: string): string {
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*/, '').trim())
    .join(' ')
    .trim()
}

export function limitTable(): string {
  const reasons = reasonsIn(readFileSync(FILE, 'utf8'))
  const rows = Object.entries(limits).map(([name, value]) => {
    const reason = reasons.get(name)
    if (reason === undefined) throw new RangeError(`${name} in limits.ts has no comment that says its reason`)
    return { name, at: [...reasons.keys()].indexOf(name), cells: [code(name), count(value), reason] }
  })
  const ordered = rows.sort((a, b) => a.at - b.at).map(({ cells }) => cells)
  return tableOf({ head: ['limit', 'value', 'reason'], rows: ordered })
}

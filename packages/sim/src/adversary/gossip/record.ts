// The record of all cases: by topic and rule, with what the table says of the rule. `node record.ts` writes it again,
// for somebody to read what has changed.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { TOPIC_RULES } from '@piecework/network'
import { playBundles } from './bundles.ts'
import { playHubs } from './hubs.ts'
import { playLayer } from './layer.ts'
import { type Judged, playEpoch } from './play.ts'

const FILE = fileURLToPath(new URL('recorded.json', import.meta.url))

export interface Recorded {
  readonly topic: string
  readonly rule: string
  readonly verdict: string
  readonly sentence: string
  readonly cases: readonly string[]
}

export function recordOf(judged: readonly Judged[]): readonly Recorded[] {
  const groups = Map.groupBy(judged, ({ topic, rule }) => `${topic} ${rule}`)
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    if (first === undefined) return []
    const { topic, rule } = first
    const said = rule === 'nobody listens' ? { verdict: rule, sentence: '' } : TOPIC_RULES[rule]
    return [{ topic, rule, ...said, cases: group.map(({ name }) => name) }]
  })
}

export function recorded(): readonly Recorded[] {
  return JSON.parse(readFileSync(FILE, 'utf8'))
}

export async function playAll(): Promise<readonly Judged[]> {
  return [...(await playEpoch()), ...(await playLayer()), ...(await playHubs()), ...(await playBundles())]
}

if (import.meta.main) {
  const record = recordOf(await playAll())
  writeFileSync(FILE, `${JSON.stringify(record, undefined, 2)}\n`)
}

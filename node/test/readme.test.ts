// The table of this page is that of the code.
import { readFileSync } from 'node:fs'
import { makeMetrics } from '@piecework/api'
import { expect, it } from 'vitest'
import { measuresOf } from '../src/measures.ts'

const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it('the README has all that a node counts', async () => {
  const metrics = makeMetrics({ machine: false })
  measuresOf(metrics)
  const served = [...(await metrics.text()).matchAll(/^# HELP piecework_(node_\w+) (.+)$/gm)]
  const rows = [...page.matchAll(/^\| `(node_\w+)` +\| (.+?) +\|$/gm)]
  expect(rows.map(([, ...row]) => row)).toEqual(served.map(([, ...row]) => row))
  expect(rows.length).toBeGreaterThan(0)
})

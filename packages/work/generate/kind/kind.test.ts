// What every kind must hold to, and what this one does.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { findPrefix, makeSandbox } from '@piecework/work'
import { contractOf } from '@piecework/work/contract'
import { kind } from './kind.ts'

const lines = readFileSync(join(import.meta.dirname, 'lines.txt'))
const hash = createHash('sha256').update(lines).digest('hex')
const options = { node: process.execPath, wallMs: 30_000, processes: 1 }
const sandbox = makeSandbox({ ...options, prefix: await findPrefix(options) })

const context = {
  sandbox,
  content: {
    get: async (wanted: Uint8Array) => {
      assert.equal(Buffer.from(wanted).toString('hex'), hash)
      return new Uint8Array(lines)
    },
  },
}

const example = {
  kind,
  spec: { lines: hash },
  badSpecs: [
    { spec: { lines: 'lines.txt' }, says: 'SHA-256' },
    { spec: {}, says: 'lines' },
  ],
  tasks: [0, 1],
  machine: () => Promise.resolve(context),
}

for (const { name, run } of contractOf(example)) test(name, run)

test('puts words in order', async () => {
  const job = kind.open(example.spec)
  const output = (await job.perform?.(0, context)) ?? assert.fail()
  assert.deepEqual(job.result(output), { words: 'brown fox quick the' })
})

// What people are told of work that is measured: before they post it, and before they agree to it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { writeInvite } from '../src/common/invite.ts'
import { EXIT } from '../src/errors.ts'
import { piecework } from './support/io.ts'

const example = join(import.meta.dirname, '..', '..', '..', 'docs', 'examples', 'link')
const invite = writeInvite({
  name: 'somewhere',
  network: '11111111111111111111111111111111',
  program: '11111111111111111111111111111111',
  rpc: ['http://127.0.0.1:1'],
  bootstrap: [],
})

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'measured-'))
})
afterAll(() => rm(folder, { recursive: true }))

it('a job is checked without trying a task, and says what measuring its nodes takes', async () => {
  const { code, json } = await piecework({ folder }, 'job', 'check', example, '--json')
  expect(code).toBe(EXIT.ok)
  expect(json()).toMatchObject({ kind: 'bandwidth', measuring: { moments: 2, bytes: 1_048_576 + 160 } })
  expect(json()).not.toHaveProperty('units')
})

it('whoever joins hears how much each verifier may send before agreeing, and only of such kinds', async () => {
  const joining = ['node', 'join', invite, '--wallet', 'x.json'] as const
  const measured = await piecework({ folder }, ...joining, '--kind', 'bandwidth')
  expect(measured.code).toBe(EXIT.usage)
  expect(measured.err.join('\n')).toMatch(/bandwidth each verifier measures the link.* up to 129 MB an epoch/)
  const computing = await piecework({ folder }, ...joining, '--kind', 'compute')
  expect(computing.code).toBe(EXIT.usage)
  expect(computing.err.join('\n')).not.toMatch(/MB/)
})

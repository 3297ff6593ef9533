// job.yaml: names of files become hashes, and what is wrong is said.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '@piecework/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { installedKinds } from '../src/common/kinds.ts'
import { sha256 } from '../src/common/sha256.ts'
import { readJobFile } from '../src/job/job-file.ts'
import { jobText } from '../src/job/template.ts'
import { termsOf } from '../src/job/terms.ts'
import { piecework } from './support/io.ts'

const examples = join(import.meta.dirname, '..', '..', '..', 'docs', 'examples')
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'piecework-job-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
const read = async () => readJobFile(folder, { kinds: await installedKinds() })

describe('a job file', () => {
  it('gives the spec with hashes, and what it needs', async () => {
    const { specBytes, specHash, content, pay } = await readJobFile(join(examples, 'align'), {
      kinds: await installedKinds(),
    })
    const { default: spec } = await import(join(examples, 'align', 'job.json'), { with: { type: 'json' } })
    expect(JSON.parse(Buffer.from(specBytes).toString())).toEqual(spec)
    expect(toHex(specHash)).toBe(toHex(sha256(specBytes)))
    expect(content.size).toBe(3)
    expect(pay).toMatchObject({ rule: 'piece', tasks: 20, replicas: 1, maxUnits: 1 })
  })

  it('names those who may do it by the hash of their list, whatever their order', async () => {
    write('a.txt', 'one line')
    const [one, other] = [
      'So11111111111111111111111111111111111111112',
      'SysvarC1ock11111111111111111111111111111111',
    ]
    const text = (allow: string): string =>
      `kind: label\ntitle: x\n${allow}work: { instructions: '?', items: a.txt, answer: { type: text, most: 9 } }\npay: { price: 1, tasks: 1 }\n`
    write('job.yaml', text(''))
    expect((await read()).allowRoot).toEqual(new Uint8Array(32))
    write('job.yaml', text(`allow: [${one}, ${other}]\n`))
    const { allowRoot, content } = await read()
    expect(content.get(toHex(allowRoot))?.length).toBe(64)
    write('job.yaml', text(`allow: [${other}, ${one}, ${other}]\n`))
    expect((await read()).allowRoot).toEqual(allowRoot)
    write('job.yaml', text('allow: [somebody]\n'))
    await expect(read()).rejects.toThrow('is no address')
  })

  it('is what job init writes, once its files are there', async () => {
    write('job.yaml', jobText('compute'))
    await expect(read()).rejects.toThrow('module')
    await expect(read()).rejects.toThrow('no file program.wasm, reference.txt, lines.txt beside job.yaml')
    for (const name of ['program.wasm', 'reference.txt', 'lines.txt']) write(name, name)
    expect((await read()).content.size).toBe(3)
  })

  it.each([
    ['kind: compute', 'kind: compile', 'compile'],
    ['tasks: 100', 'tasks: 0', 'pay.tasks'],
    ['fuel: 20000000', 'fuel: lots', 'fuel'],
    ['lines.txt', 'ab'.repeat(32), 'No file beside job.yaml'],
    ['title:', 'titel:', 'line 3'],
  ])('with %s as %s is refused', async (from, to, says) => {
    for (const name of ['program.wasm', 'reference.txt', 'lines.txt']) write(name, name)
    write('job.yaml', jobText('compute').replace(from, to))
    await expect(read()).rejects.toThrow(says)
  })
})

describe('job check', () => {
  it('shows what people will see of the first task', async () => {
    const { code, out } = await piecework({ folder }, 'job', 'check', join(examples, 'birds'))
    expect(code).toBe(0)
    const said = out.join('\n')
    for (const line of ['item: A small round bird with a red breast', '1  Robin', '4  Another bird'])
      expect(said).toContain(line)
    expect(said).not.toContain('>')
  })
})

describe('the terms', () => {
  const pay = {
    rule: 'piece',
    price: '0.05',
    capPrice: '0',
    tasks: 20,
    maxUnits: 2,
    replicas: 3,
    leaseEpochs: 2,
  } as const
  const bps = { verifierBps: 1_500, settleBps: 100 }

  it('deposit what all tasks can cost, with their fees', () => {
    expect(termsOf(pay, 6, bps)).toEqual({
      price: 50_000n,
      capPrice: 0n,
      pay: 6_000_000n,
      fees: 960_000n,
      deposit: 6_960_000n,
    })
  })

  it('can deposit less', () => {
    expect(termsOf({ ...pay, deposit: '1.5' }, 6, bps).deposit).toBe(1_500_000n)
  })
})

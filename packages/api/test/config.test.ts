import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ApiError, envName, readConfig } from '../src/index.ts'

const schema = z.object({
  network: z.string(),
  rpc: z.array(z.string()).min(1),
  api: z.object({ host: z.string().default('127.0.0.1'), port: z.int().default(0) }).prefault({}),
  maxFee: z.coerce.bigint().default(0n),
  labels: z.record(z.string(), z.string()).optional(),
})

const TEXT = `network: one
rpc:
  - http://127.0.0.1:8899
`

function mistakes(text: string, more: object = {}): string {
  try {
    readConfig(schema, { text, where: 'node.yaml', ...more })
    return ''
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error.message
  }
}

describe('a config', () => {
  it('takes what is left out from the schema', () => {
    const api = { host: '127.0.0.1', port: 0 }
    const rpc = ['http://127.0.0.1:8899']
    expect(readConfig(schema, { text: TEXT, where: 'x' })).toEqual({ network: 'one', rpc, api, maxFee: 0n })
  })

  it('is overridden by the environment, and that by flags', () => {
    const env = { PIECEWORK_API_PORT: '4001', PIECEWORK_MAX_FEE: '7', PIECEWORK_RPC: '[http://a, http://b]' }
    const flags = { 'api.port': 4002, network: undefined }
    const read = readConfig(schema, { text: `${TEXT}api:\n`, env, flags, where: 'x' })
    expect(read.api).toEqual({ host: '127.0.0.1', port: 4002 })
    expect(read.maxFee).toBe(7n)
    expect(read.rpc).toEqual(['http://a', 'http://b'])
    expect(read.network).toBe('one')
  })

  it('is overridden by a flag with several keys at once, which leaves the others as they are', () => {
    const text = `${TEXT}api: { host: ::1, port: 1 }\n`
    const read = (flags: object) => readConfig(schema, { text, flags: { ...flags }, where: 'x' })
    expect(read({ api: { port: 2 } }).api).toEqual({ host: '::1', port: 2 })
    expect(read({ labels: { any: 'thing' } }).labels).toEqual({ any: 'thing' })
  })

  it('refuses a flag that would change nothing', () => {
    expect(mistakes(TEXT, { flags: { api: { prot: 5 } } })).toContain('flag, api.prot is no key')
    expect(mistakes(TEXT, { flags: { api: 5 } })).toContain('flag, api holds keys of its own: give api.KEY')
    expect(mistakes(TEXT, { flags: { 'labels.any': 'thing' } })).toContain(
      'flag, labels.any is a part of a value',
    )
    expect(mistakes(TEXT, { flags: { api: undefined } })).toBe('')
  })

  it('names variables after their keys', () => {
    expect(envName(['api', 'port'])).toBe('PIECEWORK_API_PORT')
    expect(envName(['maxFee'])).toBe('PIECEWORK_MAX_FEE')
  })

  it('refuses unknown keys with their line, nested ones too', () => {
    expect(mistakes(`${TEXT}api:\n  prot: 5\nnetwrok: x\n`)).toBe(
      "node.yaml can't be used: line 5, api.prot is no key of this config; line 6, netwrok is no key of this config.",
    )
    expect(mistakes(TEXT, { flags: { prot: 1 } })).toContain('flag, prot is no key')
  })

  it('leaves the keys of a record to the schema', () => {
    expect(mistakes(`${TEXT}labels:\n  any: thing\n`)).toBe('')
    expect(mistakes(`${TEXT}labels:\n  any: 5\n`)).toContain('line 5, labels.any: ')
  })

  it('tells where a wrong value stands', () => {
    expect(mistakes(`${TEXT}api: { port: many }\n`)).toContain('line 4, api.port: ')
    expect(mistakes(TEXT, { env: { PIECEWORK_API_PORT: 'many' } })).toContain(
      'PIECEWORK_API_PORT, api.port: ',
    )
    expect(mistakes(TEXT, { flags: { 'api.port': 1.5 } })).toContain('flag, api.port: ')
    expect(mistakes('network: one\n')).toContain('rpc: ')
  })

  it.each([
    ['a: [', 'line 1'],
    ['network: one\nnetwork: two\n', 'line 2'],
    ['- a\n- b\n', 'no list of "key: value" lines'],
    ['x'.repeat(1_000_001), 'longer than any config'],
  ])('that is no config (%#) is refused with a sentence', (text, words) => {
    expect(mistakes(text)).toContain(words)
  })
})

import { describe, expect, it } from 'vitest'
import { type LogLevel, makeLog } from '../src/index.ts'

function written(level?: LogLevel) {
  const lines: string[] = []
  const write = (line: string): void => void lines.push(line)
  const log = makeLog({ daemon: 'node', run: 'abc', write, ...(level === undefined ? {} : { level }) })
  return { log, lines: (): Record<string, unknown>[] => lines.map((line) => JSON.parse(line)) }
}

describe('the log', () => {
  it('writes one line per event, each with its id', () => {
    const { log, lines } = written()
    log.info('started', { epoch: 3 })
    log.warn('peer-lost')
    expect(lines()).toMatchObject([
      { level: 'info', event: 'started', epoch: 3, daemon: 'node', id: 'abc-1' },
      { event: 'peer-lost', id: 'abc-2' },
    ])
  })

  it('leaves out what is below its level', () => {
    const { log, lines } = written('warn')
    log.info('started')
    log.error('failed')
    expect(lines().map(({ event }) => event)).toEqual(['failed'])
  })

  it('never writes a secret, however deep', () => {
    const { log, lines } = written()
    const secret = new Uint8Array(32).fill(255)
    log.info('x', { secret, apiToken: 'hush', wallet: { secretKey: 'hush', list: [{ passphrase: 'hush' }] } })
    log.info('pair', { bytes: new Uint8Array(64).fill(255) })
    expect(JSON.stringify(lines())).not.toMatch(/hush|ffff/)
    expect(lines()[1]).toMatchObject({ bytes: '[64 bytes]' })
  })

  it('shows bytes, money and errors', () => {
    const { log, lines } = written()
    const error = Object.assign(new Error('no way there', { cause: new Error('dead') }), {
      code: 'network/gone',
    })
    log.info('x', { hash: new Uint8Array([1, 171]), pay: 10n ** 18n, error })
    expect(lines()[0]).toMatchObject({
      hash: '01ab',
      pay: '1000000000000000000',
      error: { message: 'no way there', code: 'network/gone', cause: 'dead' },
    })
  })

  it('survives values that end in themselves', () => {
    const { log, lines } = written()
    const loop: Record<string, unknown> = {}
    loop['loop'] = loop
    log.info('x', { loop })
    expect(lines()).toHaveLength(1)
  })
})

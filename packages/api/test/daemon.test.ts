import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { type Daemon, daemonOf, type Log, runDaemon } from '../src/index.ts'

function parts(trouble: Readonly<Record<string, 'start' | 'stop'>> = {}) {
  const happened: string[] = []
  const part = (name: string): Daemon => ({
    async start() {
      happened.push(`start ${name}`)
      if (trouble[name] === 'start') throw new Error(`${name} does not start`)
    },
    async stop() {
      happened.push(`stop ${name}`)
      if (trouble[name] === 'stop') throw new Error(`${name} does not stop`)
    },
  })
  return { whole: daemonOf(['store', 'network', 'api'].map(part)), happened }
}

describe('a daemon of parts', () => {
  it('starts in order, stops in reverse, once', async () => {
    const { whole, happened } = parts()
    await whole.start()
    await Promise.all([whole.stop(), whole.stop()])
    await whole.stop()
    expect(happened).toEqual([
      'start store',
      'start network',
      'start api',
      'stop api',
      'stop network',
      'stop store',
    ])
  })

  it('gives back what it took when a part does not start', async () => {
    const { whole, happened } = parts({ network: 'start' })
    await expect(whole.start()).rejects.toThrow('network does not start')
    expect(happened).toEqual(['start store', 'start network', 'stop network', 'stop store'])
  })

  it('stops the others when one does not stop, and tells', async () => {
    const { whole, happened } = parts({ network: 'stop' })
    await whole.start()
    await expect(whole.stop()).rejects.toThrow('network does not stop')
    expect(happened.at(-1)).toBe('stop store')
  })
})

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} }

class FakeProcess extends EventEmitter {
  readonly codes: number[] = []
  readonly channel = { unref(): void {} }

  exit(code: number): void {
    this.codes.push(code)
  }
}

describe('a daemon as a process', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'])('stops cleanly on %s', async (signal) => {
    const { whole, happened } = parts()
    const process = new FakeProcess()
    const onStarted = (): void => void process.emit(signal)
    await runDaemon(whole, { log: quiet, process, onStarted })
    expect(happened.at(-1)).toBe('stop store')
    expect(process.codes).toEqual([0])
  })

  it('says why it does not start', async () => {
    const { whole } = parts({ api: 'start' })
    const process = new FakeProcess()
    await expect(runDaemon(whole, { log: quiet, process })).rejects.toThrow('api does not start')
    expect(process.codes).toEqual([])
  })
})

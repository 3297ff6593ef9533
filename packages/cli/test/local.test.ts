// The parts of the local network that need no network: processes and their end, free ports, and what is shown.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Running, startChild } from '../src/local/child.ts'
import { Commands } from '../src/local/commands.ts'
import { freePorts } from '../src/local/ports.ts'
import { ioFor } from './support/io.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'piecework-local-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function child(program: string): Running {
  const file = join(folder, 'child.mjs')
  writeFileSync(file, program)
  return startChild({ name: 'child', argv: [file], logs: folder, node: process.execPath, folder })
}

describe('a process of the local network', () => {
  it('says lines of JSON, and what it logs goes to a file', async () => {
    const running = child(`console.log('{"a":1}'); console.error('a log'); console.log('{"b":2}')`)
    expect([await running.said(), await running.said()]).toEqual([{ a: 1 }, { b: 2 }])
    expect(await running.ended).toBe(0)
    expect(readFileSync(join(folder, 'child.log'), 'utf8')).toBe('a log\n')
    await expect(running.said()).rejects.toThrow('child ended with 0')
  })

  it('that ends while somebody waits for it says where its log is', async () => {
    const running = child('process.exitCode = 3')
    await expect(running.said()).rejects.toThrow(join(folder, 'child.log'))
    expect(await running.stop()).toBe(3)
  })

  it('is stopped, once and for all', async () => {
    const running = child(`
      process.on('SIGTERM', () => process.exit(0))
      setInterval(() => {}, 1000)
      console.log('{}')`)
    await running.said()
    expect(await Promise.all([running.stop(), running.stop()])).toEqual([0, 0])
  })

  it('ends with the one that started it, even when that one is killed', async () => {
    const inner = join(folder, 'inner.mjs')
    const gone = join(folder, 'gone')
    writeFileSync(
      inner,
      `import { writeFileSync } from 'node:fs'
       process.on('disconnect', () => { writeFileSync(${JSON.stringify(gone)}, ''); process.exit(0) })
       setInterval(() => {}, 1000)
       console.log('{}')`,
    )
    const source = join(import.meta.dirname, '..', 'src', 'local', 'child.ts')
    const outer = child(`
      import { startChild } from ${JSON.stringify(source)}
      const inner = startChild({ name: 'inner', argv: [${JSON.stringify(inner)}], logs: '.', node: process.execPath, folder: '.' })
      await inner.said()
      console.log('{}')
      process.kill(process.pid, 'SIGKILL')`)
    await outer.said()
    expect(await outer.ended).toBe(137)
    await expect.poll(() => existsSync(gone), { timeout: 10_000 }).toBe(true)
  })
})

it('commands that are closed start nothing more', async () => {
  const commands = new Commands(ioFor({ folder }, [], []), { folder, logs: folder, run: async () => 0 })
  commands.close()
  await expect(commands.here(z.unknown(), 'network', 'show')).rejects.toThrow('is stopping')
  expect(() => commands.start('late', 'node', 'start')).toThrow('is stopping')
  expect(commands.running).toEqual([])
})

it('free ports are as many different ones', async () => {
  expect(new Set(await freePorts(20)).size).toBe(20)
})

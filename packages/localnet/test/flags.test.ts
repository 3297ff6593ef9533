// The command line, read and run.
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { readFlags } from '../src/flags.ts'
import { loadOrMakeKeyPair } from '../src/keys.ts'
import { handPorts, key, newFolder } from './support.ts'

const run = promisify(execFile)
const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts')
const { random } = handPorts()
const mint = key('mint').publicKey.toBase58()

test('flags become options', async () => {
  const folder = await newFolder()
  const file = join(folder, 'program.so')
  await writeFile(file, 'elf')
  const args = ['--port', '9000', '--ledger', 'x', '--slot-ms', '50', '--program', `${mint}=${file}`]
  const flags = await readFlags([...args, '--mint', `${mint}:6:25`, '--mint', 'new', '--json'], random)
  expect(flags).toEqual({
    json: true,
    options: {
      port: 9_000,
      slotMs: 50,
      ledger: 'x',
      programs: [{ address: mint, elf: Buffer.from('elf') }],
      mints: [
        { address: mint, decimals: 6, amount: 25_000_000n },
        { address: expect.any(String), decimals: 9, amount: 0n },
      ],
    },
  })
  expect(await readFlags([], random)).toMatchObject({ json: false, options: { port: 8_899, slotMs: 400 } })
  expect(await readFlags(['--help'], random)).toBeUndefined()
})

test.each([
  [['--prot', '1'], '--prot'],
  [['--port', 'x'], '--port is a whole number'],
  [['--port', '70000'], '0 to 65534'],
  [['--slot-ms', '0'], '--slot-ms'],
  [['--program', 'x'], 'ADDRESS=FILE'],
  [['--program', `${mint}=/nowhere.so`], 'ENOENT'],
  [['--mint', 'x'], 'ADDRESS[:DECIMALS[:TOKENS]]'],
  [['--mint', `${mint}:19`], 'DECIMALS'],
  [['--mint', `${mint}:9:99999999999`], 'more than a mint can hold'],
])('%j is refused: %s', async (args, message) => {
  const reading = readFlags(args, random)
  await expect(reading).rejects.toMatchObject({
    code: 'option/invalid',
    message: expect.stringContaining(message),
  })
})

test('help, and a wrong flag, of the real command', async () => {
  expect((await run(process.execPath, [MAIN, '--help'])).stdout).toContain('--ledger DIR')
  const wrong = await run(process.execPath, [MAIN, '--prot']).catch((error: unknown) => error)
  expect(wrong).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('--help lists the options'),
  })
})

test.each([
  ['no JSON', 'x'],
  ['too short', '[1,2,3]'],
  ['no bytes', JSON.stringify(Array(64).fill(256))],
  ['two halves of different keys', JSON.stringify(Array(64).fill(1))],
])('a key file with %s is refused in a sentence', async (_name, text) => {
  const folder = await newFolder()
  const file = join(folder, 'key.json')
  await writeFile(file, text)
  await expect(loadOrMakeKeyPair(file, random)).rejects.toMatchObject({ code: 'key/unreadable' })
})

test("a key of web3.js's is read as the same key", async () => {
  const folder = await newFolder()
  const file = join(folder, 'key.json')
  await writeFile(file, JSON.stringify([...key('mine').secretKey]))
  const pair = await loadOrMakeKeyPair(file, random)
  expect(pair.address).toBe(key('mine').publicKey.toBase58())
})

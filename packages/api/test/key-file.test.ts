import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keyFromSecret } from '@piecework/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readKeyFile, readOrMakeKeyFile, readOrMakeToken, writeKeyFile } from '../src/index.ts'

const secret = new Uint8Array(32).fill(5)
const random = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(9)

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'piecework-keys-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const file = (): string => join(folder, 'key.json')
const modeOf = (path: string): number => statSync(path).mode & 0o777

describe('a key file', () => {
  it("has the form of Solana's command line, and is its owner's alone", async () => {
    await writeKeyFile(file(), secret)
    const numbers: unknown = JSON.parse(readFileSync(file(), 'utf8'))
    expect(numbers).toEqual([...secret, ...keyFromSecret(secret).publicKey])
    expect(modeOf(file())).toBe(0o600)
    expect(await readKeyFile(file())).toEqual(secret)
  })

  it('is never written over', async () => {
    await writeKeyFile(file(), secret)
    await expect(writeKeyFile(file(), random(32))).rejects.toMatchObject({ code: 'key/exists' })
    expect(await readOrMakeKeyFile(file(), random)).toEqual(secret)
  })

  it('is made where there is none', async () => {
    expect(await readOrMakeKeyFile(file(), random)).toEqual(random(32))
    expect(await readKeyFile(file())).toEqual(random(32))
  })

  it('that others may read is refused, with the cure', async () => {
    await writeKeyFile(file(), secret)
    chmodSync(file(), 0o640)
    await expect(readKeyFile(file())).rejects.toThrow(`chmod 600 ${file()}`)
  })

  it.each([
    ['nothing', undefined],
    ['words', 'a key'],
    ['too few numbers', '[1,2,3]'],
    ['no bytes', JSON.stringify(Array(64).fill(256))],
    ['halves of two keys', JSON.stringify(Array(64).fill(5))],
  ])('of %s is refused without a word of what it holds', async (_, text) => {
    if (text !== undefined) writeFileSync(file(), text, { mode: 0o600 })
    await expect(readKeyFile(file())).rejects.toMatchObject({
      code: 'key/unreadable',
      context: { file: file() },
    })
  })
})

describe('a token', () => {
  it("is made once, and is its owner's alone", async () => {
    const token = await readOrMakeToken(file(), random)
    expect(await readOrMakeToken(file(), () => secret)).toBe(token)
    expect(modeOf(file())).toBe(0o600)
  })
})

// Programs deployed at the start: the bytes of built-in ones, at addresses of our own.
import { PublicKey, TransactionInstruction } from '@solana/web3.js'
import { expect, test } from 'vitest'
import type { Localnet } from '../src/index.ts'
import { ask, byHand, fundedKey, key, newFolder, send, signed } from './support.ts'

const MEMO = 'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr'
const TOKEN = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA'
const PROGRAM = key('program').publicKey
const processed = { commitment: 'processed', encoding: 'base64' }

/** The code of a built-in program: in its own account, or in the one that its account names. */
async function elfOf(address: string): Promise<Uint8Array> {
  const localnet = await byHand()
  const dataOf = async (one: string) => {
    const { result } = await ask(localnet, 'getAccountInfo', one, processed)
    return Buffer.from(result.value.data[0], 'base64')
  }
  const data = await dataOf(address)
  const code = data.length > 36 ? data : await dataOf(new PublicKey(data.subarray(4)).toBase58())
  return code.subarray(code.indexOf(Buffer.from('7f454c46', 'hex')))
}

async function call(localnet: Localnet, programId: PublicKey, data: Buffer) {
  const instruction = new TransactionInstruction({ programId, keys: [], data })
  return send(localnet, await signed(localnet, fundedKey(localnet), instruction))
}

test('a deployed program runs, and a newer build replaces it at the next start', async () => {
  const folder = await newFolder()
  const [memo, token] = [await elfOf(MEMO), await elfOf(TOKEN)]
  const address = PROGRAM.toBase58()
  const first = await byHand({ ledger: folder, programs: [{ address, elf: memo }] })
  const sent = await call(first, PROGRAM, Buffer.from('hello'))
  await first.tick()
  const { result } = await ask(first, 'getTransaction', sent.result, { commitment: 'confirmed' })
  expect(result.meta.logMessages.join('\n')).toContain('hello')
  expect((await ask(first, 'getAccountInfo', address, processed)).result.value).toMatchObject({
    executable: true,
  })
  await first.stop()

  const same = await byHand({ ledger: folder, programs: [{ address, elf: memo }] })
  expect((await call(same, PROGRAM, Buffer.from('again'))).error).toBeUndefined()
  await same.stop()

  const newer = await byHand({ ledger: folder, programs: [{ address, elf: token }] })
  expect((await call(newer, PROGRAM, Buffer.from('hello'))).error?.message).toContain(
    'Transaction simulation failed',
  )
  await newer.stop()

  // Restored without being asked for, it is still the newer one.
  const restored = await byHand({ ledger: folder })
  expect((await call(restored, PROGRAM, Buffer.from('hello'))).error?.message).toContain('simulation failed')
})

test('what is no program is refused in a sentence', async () => {
  const starting = byHand({ programs: [{ address: PROGRAM.toBase58(), elf: Buffer.from('no program') }] })
  await expect(starting).rejects.toMatchObject({
    code: 'program/refused',
    message: expect.stringContaining('.so'),
  })
})

test('memos are listed with the signatures', async () => {
  const localnet = await byHand()
  const sent = await call(localnet, new PublicKey(MEMO), Buffer.from('for work done'))
  await localnet.tick()
  const { result } = await ask(localnet, 'getSignaturesForAddress', localnet.fundedAddress, {
    commitment: 'confirmed',
  })
  expect(result).toMatchObject([{ signature: sent.result, memo: '[13] for work done' }])
})

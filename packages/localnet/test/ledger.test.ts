// The ledger folder: what is there after a stop, a crash at any byte, a crash around a snapshot, and damage.
import { cp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { beforeEach, expect, test } from 'vitest'
import type { ChainRecord } from '../src/chain/chain.ts'
import { decodeRecords, encodeRecord } from '../src/ledger/record.ts'
import { expendable } from '../src/ledger/retention.ts'
import { toBase58 } from '../src/vm/address.ts'
import { ask, byHand, handPorts, key, newFolder } from './support.ts'

let folder: string

beforeEach(async () => {
  folder = await newFolder()
})

/** The folder as it would be found if the process ended now. */
async function crash(): Promise<string> {
  const copy = await newFolder()
  await cp(folder, copy, { recursive: true })
  await rm(join(copy, 'lock'))
  return copy
}

const processed = { commitment: 'processed' }
const to = key('receiver').publicKey.toBase58()

test('a chain goes on where it stopped', async () => {
  const first = await byHand({
    ledger: folder,
    mints: [{ address: key('mint').publicKey.toBase58(), decimals: 2, amount: 5n }],
  })
  const { result: signature } = await ask(first, 'requestAirdrop', to, 1e9)
  await first.tick(10)
  const { result: latest } = await ask(first, 'getLatestBlockhash', processed)
  const genesis = await ask(first, 'getGenesisHash')
  const { slot } = first
  await first.stop()

  const second = await byHand({ ledger: folder })
  expect(second.slot).toBe(slot + 1)
  expect(second.fundedAddress).toBe(first.fundedAddress)
  expect((await ask(second, 'getGenesisHash')).result).toBe(genesis.result)
  expect((await ask(second, 'getBalance', to)).result.value).toBe(1e9)
  expect((await ask(second, 'getTokenSupply', key('mint').publicKey.toBase58())).result.value.amount).toBe(
    '5',
  )
  expect((await ask(second, 'isBlockhashValid', latest.value.blockhash, processed)).result.value).toBe(true)
  expect((await ask(second, 'getTransaction', signature)).result).toMatchObject({ slot: slot - 10 })
  expect((await ask(second, 'getTransactionCount')).result).toBe(1)
  expect((await ask(second, 'getBlockHeight', processed)).result).toBe(second.slot - 447_552_000)
  const file = JSON.parse(await readFile(join(folder, 'key.json'), 'utf8'))
  expect(Uint8Array.from(file)).toEqual(Uint8Array.from(second.fundedKey))
  expect((await stat(join(folder, 'key.json'))).mode & 0o777).toBe(0o600)
})

test('a crash at any byte loses only what was not finished', async () => {
  const first = await byHand({ ledger: folder })
  const segment = join(folder, 'segment-1.log')
  const sizes: number[] = []
  const signatures: string[] = []
  for (let i = 0; i < 4; i += 1) {
    signatures.push((await ask(first, 'requestAirdrop', to, 1e9)).result)
    await first.tick()
    sizes.push((await stat(segment)).size)
  }
  const crashed = await crash()
  await first.stop()
  const whole = sizes.at(-1) ?? 0
  for (let size = whole; size > 0; size -= 97) {
    const copy = await newFolder()
    await cp(crashed, copy, { recursive: true })
    await truncate(join(copy, 'segment-1.log'), size)
    const ports = handPorts()
    const again = await byHand({ ledger: copy }, ports)
    const kept = sizes.filter((one) => one <= size).length
    const status = await ask(again, 'getSignatureStatuses', signatures, { searchTransactionHistory: true })
    const found = status.result.value.filter((one: unknown) => one !== null).length
    // The transaction of a slot is in the file before the slot after it opens.
    expect([kept, kept + 1]).toContain(found)
    expect((await ask(again, 'getBalance', to, processed)).result.value).toBe(found * 1e9)
    if (!sizes.includes(size)) expect(ports.warnings.length).toBeLessThanOrEqual(1)
    await again.stop()
  }
})

test('snapshots are taken on the way, old ones go, and a crash around one changes nothing', async () => {
  const first = await byHand({ ledger: folder })
  const { result: signature } = await ask(first, 'requestAirdrop', to, 1e9)
  const slot = await first.tick(2_100)
  const [crashed, early] = [await crash(), await crash()]
  await first.stop()
  expect((await readdir(crashed)).filter((name) => name.startsWith('snapshot'))).toEqual(['snapshot-2.bin'])

  // Renamed, but its segment is not there yet: the chain is back where the snapshot was taken.
  await rm(join(early, 'segment-2.log'))
  const fromSnapshot = await byHand({ ledger: early })
  expect(fromSnapshot.slot).toBeLessThan(slot)
  expect((await ask(fromSnapshot, 'getBalance', to, processed)).result.value).toBe(1e9)
  await fromSnapshot.stop()

  // A snapshot that was never finished is none.
  await writeFile(join(crashed, 'snapshot-3.bin.part'), 'half')
  const second = await byHand({ ledger: crashed })
  expect(second.slot).toBe(slot + 1)
  const searched = await ask(second, 'getSignatureStatuses', [signature], { searchTransactionHistory: true })
  expect(searched.result.value[0].slot).toBe(slot - 2_100)
})

test('damage is said, not guessed around', async () => {
  const first = await byHand({ ledger: folder })
  await ask(first, 'requestAirdrop', to, 1e9)
  const crashed = await crash()
  await first.stop()
  const snapshot = join(crashed, 'snapshot-1.bin')
  const bytes = await readFile(snapshot)
  const changed = Buffer.from(bytes)
  changed[5_000] = (changed[5_000] ?? 0) ^ 1
  await writeFile(snapshot, changed)
  await expect(byHand({ ledger: crashed })).rejects.toMatchObject({ code: 'ledger/damaged' })

  const newer = Buffer.from(bytes.toString('latin1').replace('"version":1', '"version":2'), 'latin1')
  newer.writeUInt32LE(crc32(newer.subarray(0, -4)), newer.length - 4)
  await writeFile(snapshot, newer)
  await expect(byHand({ ledger: crashed })).rejects.toMatchObject({ code: 'ledger/newer-version' })

  await writeFile(snapshot, bytes)
  const segment = join(crashed, 'segment-1.log')
  const { records } = decodeRecords(await readFile(segment))
  const other = records.map((one) => (one.kind === 'transaction' ? { ...one, meta: '{}' } : one))
  await writeFile(segment, Buffer.concat(other.map(encodeRecord)))
  await expect(byHand({ ledger: crashed })).rejects.toMatchObject({ code: 'ledger/damaged' })

  const [broken, ...later] = records.map(encodeRecord)
  if (broken === undefined || later.length === 0) throw new Error('too few records to damage one')
  broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1
  const damaged = Buffer.concat([broken, ...later])
  await writeFile(segment, damaged)
  await expect(byHand({ ledger: crashed })).rejects.toMatchObject({ code: 'ledger/damaged' })
  expect(await readFile(segment)).toEqual(damaged)
})

test('one process at a time, and a dead one does not count', async () => {
  const first = await byHand({ ledger: folder })
  await writeFile(join(folder, 'lock'), `${process.ppid}\n`)
  await expect(byHand({ ledger: folder })).rejects.toMatchObject({ code: 'ledger/locked' })
  await first.stop()
  // No process has a number that large.
  await writeFile(join(folder, 'lock'), `${2 ** 31 - 1}\n`)
  expect((await ask(await byHand({ ledger: folder }), 'getHealth')).result).toBe('ok')
})

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(toBase58)
const record: fc.Arbitrary<ChainRecord> = fc.oneof(
  fc.record({
    kind: fc.constant('slot' as const),
    slot: fc.maxSafeNat(),
    time: fc.maxSafeInteger(),
    transactionCount: fc.maxSafeNat(),
    hash,
  }),
  fc.record({
    kind: fc.constant('transaction' as const),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 1_232 }),
    meta: fc.json(),
  }),
)

test('records come back as they were, as far as they are whole', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 8 }), fc.nat(), (records, cut) => {
      const frames = records.map(encodeRecord)
      const bytes = Buffer.concat(frames)
      const plain = (list: readonly ChainRecord[]) =>
        list.map((one) =>
          one.kind === 'slot' ? one : { ...one, bytes: Buffer.from(one.bytes).toString('hex') },
        )
      expect(plain(decodeRecords(bytes).records)).toEqual(plain(records))
      const size = cut % (bytes.length + 1)
      const { records: some, length } = decodeRecords(bytes.subarray(0, size))
      expect(plain(some)).toEqual(plain(records.slice(0, some.length)))
      expect(length).toBe(frames.slice(0, some.length).reduce((sum, frame) => sum + frame.length, 0))
      expect(length).toBeLessThanOrEqual(size)
    }),
  )
})

test('a changed byte ends what is read, and is never read', () => {
  fc.assert(
    fc.property(
      fc.array(record, { minLength: 1, maxLength: 5 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (records, at, flip) => {
        const bytes = Buffer.concat(records.map(encodeRecord))
        const position = at % bytes.length
        bytes[position] = (bytes[position] ?? 0) ^ flip
        expect(decodeRecords(bytes).length).toBeLessThanOrEqual(position)
      },
    ),
  )
})

test('segments go when nobody can ask for them any more', () => {
  const segments = [
    { index: 1, transactions: 10, lastSlot: 100 },
    { index: 2, transactions: 0, lastSlot: 200 },
    { index: 3, transactions: 10, lastSlot: 300 },
    { index: 4, transactions: 10, lastSlot: 400 },
  ]
  const gone = (needs: { current: number; limit: number; neededSlot: number }) =>
    expendable(segments, needs).map(({ index }) => index)
  expect(gone({ current: 5, limit: 1_000, neededSlot: 500 })).toEqual([2])
  expect(gone({ current: 5, limit: 20, neededSlot: 500 })).toEqual([2, 1])
  expect(gone({ current: 5, limit: 10, neededSlot: 500 })).toEqual([3, 2, 1])
  expect(gone({ current: 5, limit: 10, neededSlot: 250 })).toEqual([2, 1])
  expect(gone({ current: 2, limit: 10, neededSlot: 500 })).toEqual([1])
})

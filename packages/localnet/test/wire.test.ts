// The transaction reader against kit's, and against bytes that would end the process inside litesvm.
import { getCompiledTransactionMessageDecoder, getTransactionDecoder } from '@solana/kit'
import {
  Keypair,
  PublicKey,
  Transaction,
  TransactionInstruction,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newChain } from '../src/chain/begin.ts'
import { LocalnetError } from '../src/index.ts'
import { toBase58 } from '../src/vm/address.ts'
import {
  isSigner,
  isWritable,
  MAX_TRANSACTION_BYTES,
  readMessage,
  readTransaction,
  withBlockhash,
} from '../src/vm/wire.ts'

const payer = Keypair.fromSeed(new Uint8Array(32).fill(7))

const address = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new PublicKey(bytes))
const meta = fc.record({ pubkey: address, isSigner: fc.constant(false), isWritable: fc.boolean() })
const instruction = fc
  .record({
    programId: address,
    keys: fc.array(meta, { maxLength: 5 }),
    data: fc.uint8Array({ maxLength: 40 }),
  })
  .map(
    ({ programId, keys, data }) => new TransactionInstruction({ programId, keys, data: Buffer.from(data) }),
  )

const lookup = fc.record({
  accountKey: address,
  writableIndexes: fc.array(fc.nat(255), { minLength: 1, maxLength: 4 }),
  readonlyIndexes: fc.array(fc.nat(255), { maxLength: 4 }),
})

const transaction = fc
  .record({
    versioned: fc.boolean(),
    instructions: fc.array(instruction, { minLength: 1, maxLength: 3 }),
    blockhash: address,
    lookups: fc.array(lookup, { maxLength: 2 }),
  })
  .map(({ versioned, instructions, blockhash, lookups }) => {
    if (!versioned) {
      const legacy = new Transaction({ recentBlockhash: blockhash.toBase58(), feePayer: payer.publicKey })
      legacy.add(...instructions).sign(payer)
      return new Uint8Array(legacy.serialize())
    }
    const message = new TransactionMessage({
      payerKey: payer.publicKey,
      recentBlockhash: blockhash.toBase58(),
      instructions,
    })
    const compiled = message.compileToV0Message()
    compiled.addressTableLookups.push(...lookups)
    const signed = new VersionedTransaction(compiled)
    signed.sign([payer])
    return signed.serialize()
  })

test('reads what kit reads', () => {
  fc.assert(
    fc.property(transaction, (bytes) => {
      const ours = readTransaction(bytes)
      const kits = getTransactionDecoder().decode(bytes)
      const message = getCompiledTransactionMessageDecoder().decode(kits.messageBytes)
      expect(ours.keys).toEqual(message.staticAccounts)
      expect(ours.version).toBe(message.version)
      expect(ours.blockhash).toBe('lifetimeToken' in message ? message.lifetimeToken : undefined)
      const instructions = 'instructions' in message ? message.instructions : []
      expect(ours.instructions).toHaveLength(instructions.length)
      for (const [i, one] of instructions.entries()) {
        expect(ours.instructions[i]?.program).toBe(one.programAddressIndex)
        expect([...(ours.instructions[i]?.accounts ?? [])]).toEqual(one.accountIndices ?? [])
        expect(Buffer.from(ours.instructions[i]?.data ?? [])).toEqual(Buffer.from(one.data ?? []))
      }
      const lookups = 'addressTableLookups' in message ? (message.addressTableLookups ?? []) : []
      expect(ours.lookups.map((one) => [one.table, [...one.writable], [...one.readonly]])).toEqual(
        lookups.map((one) => [one.lookupTableAddress, one.writableIndexes, one.readonlyIndexes]),
      )
      expect(readMessage(kits.messageBytes as unknown as Uint8Array).keys).toEqual(ours.keys)
    }),
  )
})

test('mutated, cut and lengthened transactions are refused or run, and never more', () => {
  const { chain } = newChain({ genesis: new Uint8Array(32), time: 0, record: () => {} })
  chain.open(0)
  const change = fc.record({
    at: fc.nat(),
    to: fc.nat(255),
    cut: fc.nat(20),
    more: fc.uint8Array({ maxLength: 3 }),
  })
  let read = 0
  fc.assert(
    fc.property(
      transaction,
      fc.array(change, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      (bytes, changes, resize) => {
        let mutated = Uint8Array.from(bytes)
        for (const { at, to, cut, more } of changes) {
          mutated[at % mutated.length] = to
          if (resize)
            mutated = Uint8Array.from([...mutated.subarray(0, Math.max(1, mutated.length - cut)), ...more])
        }
        try {
          const parsed = readTransaction(mutated)
          read += 1
          expect(chain.simulate(parsed, false).simulation.error === null).toBeTypeOf('boolean')
          expect('landed' in chain.send(parsed)).toBe(false)
        } catch (error) {
          expect(error).toBeInstanceOf(LocalnetError)
        }
      },
    ),
    { numRuns: 1_000 },
  )
  expect(read).toBeGreaterThan(50)
})

test('1,232 bytes are the limit', () => {
  const padded = (length: number) => {
    const data = Buffer.alloc(length)
    const one = new TransactionInstruction({ programId: PublicKey.default, keys: [], data })
    const message = new TransactionMessage({
      payerKey: payer.publicKey,
      recentBlockhash: PublicKey.default.toBase58(),
      instructions: [one],
    })
    const signed = new VersionedTransaction(message.compileToV0Message())
    const parts = [Buffer.from([1]), Buffer.alloc(64), signed.message.serialize()]
    return Buffer.concat(parts)
  }
  const most = MAX_TRANSACTION_BYTES - padded(200).length + 200
  expect(readTransaction(padded(most)).bytes).toHaveLength(MAX_TRANSACTION_BYTES)
  expect(() => readTransaction(padded(most + 1))).toThrow('1233 bytes')
})

test('another blockhash changes nothing else', () => {
  fc.assert(
    fc.property(transaction, fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes, hash) => {
      const before = readTransaction(bytes)
      const after = withBlockhash(before, toBase58(hash))
      expect(after).toEqual({ ...before, bytes: after.bytes, blockhash: toBase58(hash) })
      expect(Buffer.compare(withBlockhash(after, before.blockhash).bytes, bytes)).toBe(0)
    }),
  )
})

test('who signs and who is written', () => {
  const { publicKey } = payer
  const keys = [
    { pubkey: publicKey, isSigner: true, isWritable: false },
    { pubkey: new PublicKey(new Uint8Array(32).fill(3)), isSigner: false, isWritable: true },
  ]
  const one = new TransactionInstruction({ programId: new PublicKey(new Uint8Array(32).fill(9)), keys })
  const legacy = new Transaction({ recentBlockhash: PublicKey.default.toBase58(), feePayer: publicKey }).add(
    one,
  )
  legacy.sign(payer)
  const read = readTransaction(legacy.serialize())
  expect(read.keys.map((_, i) => [isSigner(read, i), isWritable(read, i)])).toEqual([
    [true, true],
    [false, true],
    [false, false],
  ])
})

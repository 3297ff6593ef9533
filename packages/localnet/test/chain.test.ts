// The chain's parts by themselves: slots, versions of accounts, history, fees, names of errors, deployed programs.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import {
  ComputeBudgetProgram,
  type Keypair,
  SystemProgram,
  Transaction,
  type TransactionInstruction,
} from '@solana/web3.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Begun, newChain } from '../src/chain/begin.ts'
import { prepare } from '../src/chain/genesis.ts'
import { History, type Landed } from '../src/chain/history.ts'
import { BLOCKHASH_WINDOW, FINALIZED_AFTER, KEPT_SLOTS, Slots } from '../src/chain/slots.ts'
import { uiAmount } from '../src/chain/token.ts'
import { Versions } from '../src/chain/versions.ts'
import type { Account } from '../src/vm/account.ts'
import { INSTRUCTION_ERRORS, TRANSACTION_ERRORS } from '../src/vm/error-names.ts'
import { feeOf } from '../src/vm/fee.ts'
import { describeError } from '../src/vm/transaction-error.ts'
import { readTransaction } from '../src/vm/wire.ts'
import { key } from './support.ts'

async function funded(...holders: Keypair[]): Promise<Begun> {
  const begun = newChain({ genesis: new Uint8Array(32).fill(1), time: 0, record: () => {} })
  for (const holder of holders) {
    const address = holder.publicKey.toBase58()
    await prepare(begun.vm, { faucet: address, funded: address, programs: [], mints: [] })
  }
  begun.chain.open(0)
  return begun
}

function signed(begun: Begun, payer: Keypair, instructions: readonly TransactionInstruction[]) {
  const { blockhash } = begun.chain.slots.latestBlockhash('processed')
  const transaction = new Transaction({ recentBlockhash: blockhash, feePayer: payer.publicKey }).add(
    ...instructions,
  )
  transaction.sign(payer)
  return readTransaction(transaction.serialize())
}

const account = (lamports: number): Account => ({
  lamports: BigInt(lamports),
  data: new Uint8Array(),
  owner: '11111111111111111111111111111111',
  executable: false,
})

test('versions: an account at the end of any slot is what it was then', () => {
  const write = fc.record({ address: fc.constantFrom('a', 'b', 'c'), lamports: fc.option(fc.nat()) })
  fc.assert(
    fc.property(fc.array(fc.array(write, { maxLength: 4 }), { minLength: 1, maxLength: 8 }), (slots) => {
      const versions = new Versions()
      const now = new Map<string, Account>()
      const seen: Map<string, Account>[] = []
      for (const [slot, writes] of slots.entries()) {
        versions.open(slot)
        for (const { address, lamports } of writes) {
          versions.remember(slot, address, now.get(address))
          if (lamports === null) now.delete(address)
          else now.set(address, account(lamports))
        }
        seen.push(new Map(now))
      }
      for (const [slot, then] of seen.entries()) {
        for (const address of ['a', 'b', 'c']) {
          expect(versions.at(slot, address, now.get(address))).toEqual(then.get(address))
        }
        const owner = '11111111111111111111111111111111'
        const owned = [...now].map(([address, one]) => ({ address, account: one }))
        const found = new Map(
          versions.accountsAt(slot, owner, owned).map((one) => [one.address, one.account]),
        )
        expect(found).toEqual(then)
      }
    }),
  )
})

test('slots: a blockhash is good for exactly its window, at any commitment', () => {
  const slots = new Slots(1_000, [], { slot: 1_000, hash: 'h1000', time: 0 })
  for (let slot = 1_001; slot <= 1_000 + KEPT_SLOTS + 10; slot += 1) slots.close(`h${slot}`)
  const open = slots.open
  expect(slots.at('confirmed')).toBe(open - 1)
  expect(slots.at('finalized')).toBe(open - FINALIZED_AFTER)
  expect(slots.isValid(`h${open - BLOCKHASH_WINDOW}`, open)).toBe(true)
  expect(slots.isValid(`h${open - BLOCKHASH_WINDOW - 1}`, open)).toBe(false)
  expect(slots.isValid(`h${open - 1}`, slots.at('finalized'))).toBe(false)
  expect(slots.latestBlockhash('processed')).toEqual({
    blockhash: `h${open - 1}`,
    lastValidBlockHeight: open - 1 - 1_000 + BLOCKHASH_WINDOW,
  })
  expect(slots.latestBlockhash('finalized').blockhash).toBe(`h${open - FINALIZED_AFTER}`)
  expect(slots.recent).toHaveLength(KEPT_SLOTS)
  expect(slots.timeOf(1_000)).toBeUndefined()
})

test('history: bounded, but a signature that could land again is never forgotten', () => {
  const history = new History(10)
  const landed = (order: number, slot: number): Landed => ({
    signature: `s${order}`,
    slot,
    time: 0,
    order,
    error: null,
    memo: null,
    bytes: new Uint8Array(),
    meta: '{}',
    addresses: ['a', `b${order}`],
  })
  for (let i = 0; i < 30; i += 1) history.add(landed(i, 100 + i))
  expect(history.size).toBe(10)
  expect(history.get('s19')).toBeUndefined()
  expect(history.has('s0')).toBe(true)
  const all = { limit: 100, slot: 1_000 }
  expect(history.forAddress('a', all).map(({ order }) => order)).toEqual([
    29, 28, 27, 26, 25, 24, 23, 22, 21, 20,
  ])
  expect(history.forAddress('b3', all)).toEqual([])
  expect(history.forAddress('a', { limit: 100, slot: 125 }).map(({ order }) => order)).toEqual([
    25, 24, 23, 22, 21, 20,
  ])
  history.advance(100 + BLOCKHASH_WINDOW + 1)
  expect(history.has('s0')).toBe(true)
  history.advance(100 + BLOCKHASH_WINDOW + 2)
  expect(history.has('s0')).toBe(false)
  expect(history.has('s1')).toBe(true)
})

test('fees are what the runtime takes, whatever the compute budget', async () => {
  const payer = key('payer')
  const begun = await funded(payer)
  const budget = fc.record({
    price: fc.option(fc.integer({ min: 1, max: 5_000_000 })),
    units: fc.option(fc.integer({ min: 1_000, max: 2_000_000 })),
    transfers: fc.integer({ min: 1, max: 3 }),
  })
  fc.assert(
    fc.property(
      budget,
      fc.integer({ min: 1_000_000, max: 2_000_000 }),
      ({ price, units, transfers }, lamports) => {
        const instructions = [
          ...(price === null ? [] : [ComputeBudgetProgram.setComputeUnitPrice({ microLamports: price })]),
          ...(units === null ? [] : [ComputeBudgetProgram.setComputeUnitLimit({ units })]),
          ...Array.from({ length: transfers }, (_, i) =>
            SystemProgram.transfer({
              fromPubkey: payer.publicKey,
              toPubkey: key(`to ${i}`).publicKey,
              lamports,
            }),
          ),
        ]
        const transaction = signed(begun, payer, instructions)
        const address = payer.publicKey.toBase58()
        const before = begun.chain.account(address, 'processed')?.lamports ?? 0n
        const sent = begun.chain.send(transaction)
        fc.pre('landed' in sent)
        const after = begun.chain.account(address, 'processed')?.lamports ?? 0n
        expect(before - after - BigInt(transfers * lamports)).toBe(feeOf(transaction))
      },
    ),
    { numRuns: 60 },
  )
})

test('recent prices are the least that was paid for writing the asked accounts', async () => {
  const payer = key('payer')
  const begun = await funded(payer)
  for (const [to, price] of [
    ['x', 500],
    ['x', 300],
    ['y', 700],
  ] as const) {
    const toPubkey = key(to).publicKey
    begun.chain.send(
      signed(begun, payer, [
        ComputeBudgetProgram.setComputeUnitPrice({ microLamports: price }),
        SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey, lamports: 1_000_000 }),
      ]),
    )
  }
  const newest = (keys: string[]) => begun.chain.recentPrices(keys).at(-1)?.prioritizationFee
  expect(newest([])).toBe(300)
  expect(newest([key('y').publicKey.toBase58()])).toBe(700)
  expect(newest([key('z').publicKey.toBase58()])).toBe(300)
  expect(newest([SystemProgram.programId.toBase58()])).toBe(300)
  begun.chain.close()
  begun.chain.open(0)
  expect(newest([key('y').publicKey.toBase58()])).toBe(0)
})

test('replaying what was recorded gives the same chain', async () => {
  const payer = key('payer')
  const records: Parameters<Parameters<typeof newChain>[0]['record']>[0][] = []
  const begin = async (record: (one: (typeof records)[number]) => void) => {
    const begun = newChain({ genesis: new Uint8Array(32).fill(1), time: 0, record })
    const address = payer.publicKey.toBase58()
    await prepare(begun.vm, { faucet: address, funded: address, programs: [], mints: [] })
    return begun
  }
  const first = await begin((one) => records.push(one))
  first.chain.open(0)
  for (let slot = 0; slot < 20; slot += 1) {
    for (let i = 0; i <= slot % 3; i += 1) {
      const lamports = slot % 5 === 4 ? 2e15 : 1_000_000 + i
      const transfer = SystemProgram.transfer({
        fromPubkey: payer.publicKey,
        toPubkey: key('x').publicKey,
        lamports,
      })
      first.chain.send(signed(first, payer, [transfer]))
    }
    first.chain.close()
    first.chain.open(slot)
  }
  const second = await begin(() => {})
  for (const record of records) expect(second.chain.replay(record)).toBe(true)
  expect(second.chain.slots.recent).toEqual(first.chain.slots.recent)
  expect(second.chain.transactionCount).toBe(first.chain.transactionCount)
  expect(first.chain.transactionCount).toBeGreaterThan(20)
})

test("the names of errors are litesvm's, in its order, each with a sentence", async () => {
  const file = createRequire(import.meta.url).resolve('litesvm/dist/internal.d.ts')
  const source = await readFile(file, 'utf8')
  const names = (name: string) => {
    const body = new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(source)?.[1] ?? ''
    return [...body.matchAll(/(\w+) = (\d+)/g)].map((match) => [Number(match[2]), match[1]])
  }
  const indexed = (table: typeof TRANSACTION_ERRORS) => table.map(([name], i) => [i, name])
  expect(names('TransactionErrorFieldless')).toEqual(indexed(TRANSACTION_ERRORS))
  expect(names('InstructionErrorFieldless')).toEqual(indexed(INSTRUCTION_ERRORS))
  expect(TRANSACTION_ERRORS.length).toBeGreaterThan(30)
})

test.each([
  ['BlockhashNotFound', 'Blockhash not found'],
  [{ InstructionError: [2, 'InvalidArgument'] }, 'Error processing Instruction 2: invalid program argument'],
  [
    { InstructionError: [0, { Custom: 6_001 }] },
    'Error processing Instruction 0: custom program error: 0x1771',
  ],
  [{ DuplicateInstruction: 3 }, 'Transaction contains a duplicate instruction (3) that is not allowed'],
  [
    { InsufficientFundsForRent: { account_index: 1 } },
    'Transaction results in an account (1) with insufficient funds for rent',
  ],
] as const)('%j in words', (error, sentence) => {
  expect(describeError(error)).toBe(sentence)
})

test.each([
  [0n, 0, '0'],
  [5n, 2, '0.05'],
  [1_500_000n, 6, '1.5'],
  [1_000_000n, 6, '1'],
  [2n ** 64n - 1n, 9, '18446744073.709551615'],
])('%d with %d decimals is %s', (amount, decimals, text) => {
  expect(uiAmount(amount, decimals)).toEqual({
    amount: amount.toString(),
    decimals,
    uiAmount: Number(text),
    uiAmountString: text,
  })
})

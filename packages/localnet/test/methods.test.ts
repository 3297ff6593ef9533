// Method by method: the answers have the fields of the real cluster, as its RPC documentation lists them.
import { type Keypair, SystemProgram, Transaction, type TransactionInstruction } from '@solana/web3.js'
import { expect, test } from 'vitest'
import { FINALIZED_AFTER, type Localnet } from '../src/index.ts'
import { ask, byHand, fundedKey, handPorts, key, START_TIME } from './support.ts'

const SYSTEM = '11111111111111111111111111111111'
const RENT_EXEMPT = 18_446_744_073_709_552_000
const context = { slot: expect.any(Number), apiVersion: expect.any(String) }
const processed = { commitment: 'processed' }

function pay(from: Keypair, to: string, lamports: number): TransactionInstruction {
  return SystemProgram.transfer({ fromPubkey: from.publicKey, toPubkey: key(to).publicKey, lamports })
}

async function signed(
  localnet: Localnet,
  payer: Keypair,
  instruction: TransactionInstruction,
): Promise<string> {
  const { result } = await ask(localnet, 'getLatestBlockhash', processed)
  const transaction = new Transaction({ recentBlockhash: result.value.blockhash, feePayer: payer.publicKey })
  transaction.add(instruction).sign(payer)
  return transaction.serialize().toString('base64')
}

async function send(localnet: Localnet, text: string): Promise<string> {
  const config = { encoding: 'base64', preflightCommitment: 'processed' }
  return (await ask(localnet, 'sendTransaction', text, config)).result
}

test('getHealth, getVersion, getGenesisHash, getIdentity', async () => {
  const localnet = await byHand()
  expect((await ask(localnet, 'getHealth')).result).toBe('ok')
  expect(await (await fetch(`${localnet.url}/health`)).text()).toBe('ok')
  expect((await ask(localnet, 'getVersion')).result).toStrictEqual({
    'solana-core': expect.stringMatching(/^\d+\.\d+\.\d+$/),
    'feature-set': expect.any(Number),
  })
  expect((await ask(localnet, 'getGenesisHash')).result).toMatch(/^[1-9A-HJ-NP-Za-km-z]{32,44}$/)
  expect((await ask(localnet, 'getIdentity')).result).toStrictEqual({ identity: expect.any(String) })
})

test('getSlot, getBlockHeight, getEpochInfo, getBlockTime, getEpochSchedule move with the slots', async () => {
  const ports = handPorts()
  const localnet = await byHand({}, ports)
  const slot = await localnet.tick(10)
  ports.pass(7)
  await localnet.tick()
  expect((await ask(localnet, 'getSlot', processed)).result).toBe(slot + 1)
  expect((await ask(localnet, 'getSlot', { commitment: 'confirmed' })).result).toBe(slot)
  expect((await ask(localnet, 'getSlot')).result).toBe(slot + 1 - FINALIZED_AFTER)
  expect((await ask(localnet, 'getBlockHeight', processed)).result).toBe(12)
  expect((await ask(localnet, 'getBlockTime', slot)).result).toBe(START_TIME)
  expect((await ask(localnet, 'getBlockTime', slot + 1)).result).toBe(START_TIME + 7)
  expect((await ask(localnet, 'getBlockTime', 5)).error?.code).toBe(-32004)
  expect((await ask(localnet, 'getEpochInfo', processed)).result).toStrictEqual({
    absoluteSlot: slot + 1,
    blockHeight: 12,
    epoch: 1_036,
    slotIndex: 12,
    slotsInEpoch: 432_000,
    transactionCount: 0,
  })
  expect((await ask(localnet, 'getEpochSchedule')).result).toStrictEqual({
    slotsPerEpoch: 432_000,
    leaderScheduleSlotOffset: 432_000,
    warmup: false,
    firstNormalEpoch: 0,
    firstNormalSlot: 0,
  })
  expect((await ask(localnet, 'getFirstAvailableBlock')).result).toBe(slot - 11)
})

test('getLatestBlockhash and isBlockhashValid: a window of 150 blocks', async () => {
  const localnet = await byHand()
  const { result } = await ask(localnet, 'getLatestBlockhash', processed)
  expect(result).toStrictEqual({
    context,
    value: { blockhash: expect.any(String), lastValidBlockHeight: expect.any(Number) },
  })
  const { blockhash, lastValidBlockHeight } = result.value
  const height = (await ask(localnet, 'getBlockHeight', processed)).result
  await localnet.tick(lastValidBlockHeight - height)
  const valid = await ask(localnet, 'isBlockhashValid', blockhash, processed)
  expect(valid.result).toStrictEqual({ context, value: true })
  await localnet.tick()
  expect((await ask(localnet, 'isBlockhashValid', blockhash, processed)).result.value).toBe(false)
  expect((await ask(localnet, 'isBlockhashValid', blockhash)).result.value).toBe(true)
})

test('a blockhash of a slot that is not yet at the asked commitment is unknown there', async () => {
  const localnet = await byHand()
  await localnet.tick(10)
  const { result } = await ask(localnet, 'getLatestBlockhash', processed)
  expect((await ask(localnet, 'isBlockhashValid', result.value.blockhash)).result.value).toBe(false)
  await localnet.tick(FINALIZED_AFTER)
  expect((await ask(localnet, 'isBlockhashValid', result.value.blockhash)).result.value).toBe(true)
})

test('getBalance and getAccountInfo in every encoding', async () => {
  const localnet = await byHand()
  const funded = localnet.fundedAddress
  const balance = await ask(localnet, 'getBalance', funded, processed)
  expect(balance.result).toStrictEqual({ context, value: 1e15 })
  expect((await ask(localnet, 'getBalance', key('nobody').publicKey.toBase58())).result.value).toBe(0)
  const info = await ask(localnet, 'getAccountInfo', funded, { encoding: 'base64' })
  expect(info.result).toStrictEqual({
    context,
    value: {
      lamports: 1e15,
      data: ['', 'base64'],
      owner: SYSTEM,
      executable: false,
      rentEpoch: RENT_EXEMPT,
      space: 0,
    },
  })
  const clock = 'SysvarC1ock11111111111111111111111111111111'
  const bytes = async (config: object) =>
    (await ask(localnet, 'getAccountInfo', clock, config)).result.value.data
  const [base64] = await bytes({ encoding: 'base64' })
  expect(Buffer.from(base64, 'base64')).toHaveLength(40)
  const sliced = await bytes({ encoding: 'base64', dataSlice: { offset: 32, length: 8 } })
  expect(Buffer.from(sliced[0], 'base64').readBigInt64LE()).toBe(BigInt(START_TIME))
  expect((await bytes({ encoding: 'base58' }))[1]).toBe('base58')
  expect(await bytes({})).toBe((await bytes({ encoding: 'base58' }))[0])
  expect((await bytes({ encoding: 'base64+zstd' }))[1]).toBe('base64+zstd')
  expect(await bytes({ encoding: 'jsonParsed' })).toStrictEqual([base64, 'base64'])
  const hashes = await ask(localnet, 'getAccountInfo', 'SysvarS1otHashes111111111111111111111111111', {})
  expect(hashes.error?.message).toContain('less than 128 bytes')
  expect((await ask(localnet, 'getAccountInfo', key('nobody').publicKey.toBase58())).result.value).toBeNull()
})

test('getMultipleAccounts keeps the order, and takes no more than 100', async () => {
  const localnet = await byHand()
  const nobody = key('nobody').publicKey.toBase58()
  const { result } = await ask(localnet, 'getMultipleAccounts', [nobody, localnet.fundedAddress], processed)
  expect(result).toStrictEqual({
    context,
    value: [null, expect.objectContaining({ lamports: 1e15, data: ['', 'base64'] })],
  })
  const many = await ask(localnet, 'getMultipleAccounts', Array(101).fill(nobody))
  expect(many.error).toMatchObject({ code: -32602, message: expect.stringContaining('max 100') })
})

test('getMinimumBalanceForRentExemption, getFeeForMessage, getRecentPrioritizationFees', async () => {
  const localnet = await byHand()
  const payer = fundedKey(localnet)
  expect((await ask(localnet, 'getMinimumBalanceForRentExemption', 165)).result).toBe(2_039_280)
  const { result } = await ask(localnet, 'getLatestBlockhash', processed)
  const transaction = new Transaction({ recentBlockhash: result.value.blockhash, feePayer: payer.publicKey })
  const message = transaction.add(pay(payer, 'receiver', 1)).serializeMessage()
  const fee = await ask(localnet, 'getFeeForMessage', message.toString('base64'), processed)
  expect(fee.result).toStrictEqual({ context, value: 5_000 })
  await localnet.tick(200)
  expect(
    (await ask(localnet, 'getFeeForMessage', message.toString('base64'), processed)).result.value,
  ).toBeNull()
  const fees = (await ask(localnet, 'getRecentPrioritizationFees', [localnet.fundedAddress])).result
  expect(fees).toHaveLength(150)
  expect(fees.at(-1)).toStrictEqual({ slot: localnet.slot, prioritizationFee: 0 })
})

test('sendTransaction, getSignatureStatuses through the commitments', async () => {
  const localnet = await byHand()
  const payer = fundedKey(localnet)
  const signature = await send(localnet, await signed(localnet, payer, pay(payer, 'receiver', 1e9)))
  const status = async () =>
    (await ask(localnet, 'getSignatureStatuses', [signature, signature])).result.value[1]
  const slot = localnet.slot
  expect(await status()).toStrictEqual({
    slot,
    confirmations: 0,
    err: null,
    status: { Ok: null },
    confirmationStatus: 'processed',
  })
  await localnet.tick()
  expect(await status()).toMatchObject({ confirmations: 1, confirmationStatus: 'confirmed' })
  await localnet.tick(FINALIZED_AFTER - 1)
  expect(await status()).toMatchObject({ slot, confirmations: null, confirmationStatus: 'finalized' })
  await localnet.tick(301)
  expect(await status()).toBeNull()
  const searched = await ask(localnet, 'getSignatureStatuses', [signature], {
    searchTransactionHistory: true,
  })
  expect(searched.result.value[0].slot).toBe(slot)
})

test('getTransaction in every encoding, only once it is confirmed', async () => {
  const localnet = await byHand()
  const payer = fundedKey(localnet)
  const base64 = await signed(localnet, payer, pay(payer, 'receiver', 1e9))
  const signature = await send(localnet, base64)
  const confirmed = (encoding: string) => ({
    commitment: 'confirmed',
    encoding,
    maxSupportedTransactionVersion: 0,
  })
  expect((await ask(localnet, 'getTransaction', signature, confirmed('json'))).result).toBeNull()
  const below = await ask(localnet, 'getTransaction', signature, processed)
  expect(below.error?.message).toBe('Method does not support commitment below `confirmed`')
  await localnet.tick()
  const { result } = await ask(localnet, 'getTransaction', signature, confirmed('json'))
  expect(result).toStrictEqual({
    slot: localnet.slot - 1,
    blockTime: START_TIME,
    version: 'legacy',
    meta: {
      err: null,
      status: { Ok: null },
      fee: 5_000,
      preBalances: [1e15, 0, 1],
      postBalances: [1e15 - 1e9 - 5_000, 1e9, 1],
      innerInstructions: [],
      logMessages: [`Program ${SYSTEM} invoke [1]`, `Program ${SYSTEM} success`],
      preTokenBalances: [],
      postTokenBalances: [],
      rewards: [],
      loadedAddresses: { writable: [], readonly: [] },
      computeUnitsConsumed: 150,
      costUnits: expect.any(Number),
    },
    transaction: {
      signatures: [signature],
      message: {
        header: { numRequiredSignatures: 1, numReadonlySignedAccounts: 0, numReadonlyUnsignedAccounts: 1 },
        accountKeys: [localnet.fundedAddress, key('receiver').publicKey.toBase58(), SYSTEM],
        recentBlockhash: expect.any(String),
        instructions: [{ programIdIndex: 2, accounts: [0, 1], data: expect.any(String), stackHeight: 1 }],
      },
    },
  })
  expect(
    (await ask(localnet, 'getTransaction', signature, confirmed('base64'))).result.transaction,
  ).toStrictEqual([base64, 'base64'])
  expect((await ask(localnet, 'getTransaction', signature, confirmed('base58'))).result.transaction[1]).toBe(
    'base58',
  )
  const parsed = (await ask(localnet, 'getTransaction', signature, confirmed('jsonParsed'))).result
  expect(parsed.transaction.message.accountKeys[1]).toStrictEqual({
    pubkey: key('receiver').publicKey.toBase58(),
    signer: false,
    writable: true,
    source: 'transaction',
  })
  expect(parsed.transaction.message.instructions[0]).toMatchObject({ programId: SYSTEM })
})

test('a transaction that fails is charged and kept, with its error', async () => {
  const localnet = await byHand()
  const payer = fundedKey(localnet)
  const text = await signed(localnet, payer, pay(payer, 'receiver', 2e15))
  const refused = await ask(localnet, 'sendTransaction', text, {
    encoding: 'base64',
    preflightCommitment: 'processed',
  })
  expect(refused.error).toMatchObject({
    code: -32002,
    message: 'Transaction simulation failed: Error processing Instruction 0: custom program error: 0x1',
    data: {
      err: { InstructionError: [0, { Custom: 1 }] },
      logs: expect.any(Array),
      unitsConsumed: 150,
      accounts: null,
    },
  })
  const { result } = await ask(localnet, 'sendTransaction', text, { encoding: 'base64', skipPreflight: true })
  await localnet.tick()
  const status = (await ask(localnet, 'getSignatureStatuses', [result])).result.value[0]
  const err = { InstructionError: [0, { Custom: 1 }] }
  expect(status).toMatchObject({ err, status: { Err: err } })
  expect((await ask(localnet, 'getBalance', localnet.fundedAddress, processed)).result.value).toBe(
    1e15 - 5_000,
  )
})

test('what can never land: an unknown blockhash, a second time, a wrong signature, no money', async () => {
  const localnet = await byHand()
  const payer = fundedKey(localnet)
  const config = { encoding: 'base64', preflightCommitment: 'processed' }
  const sentTwice = await signed(localnet, payer, pay(payer, 'receiver', 1e9))
  await send(localnet, sentTwice)
  const again = await ask(localnet, 'sendTransaction', sentTwice, config)
  expect(again.error).toMatchObject({ code: -32002, data: { err: 'AlreadyProcessed' } })
  const forged = Buffer.from(await signed(localnet, payer, pay(payer, 'receiver', 2e9)), 'base64')
  forged[20] = (forged[20] ?? 0) ^ 1
  const unsigned = await ask(localnet, 'sendTransaction', forged.toString('base64'), config)
  expect(unsigned.error).toMatchObject({
    code: -32003,
    message: 'Transaction signature verification failure',
  })
  const poor = key('poor')
  const broke = await ask(
    localnet,
    'sendTransaction',
    await signed(localnet, poor, pay(poor, 'receiver', 1)),
    config,
  )
  expect(broke.error).toMatchObject({ code: -32002, data: { err: 'AccountNotFound' } })
  // With preflight at the default commitment, a blockhash that young isn't known yet.
  await localnet.tick(10)
  const young = await signed(localnet, payer, pay(payer, 'receiver', 3e9))
  const early = await ask(localnet, 'sendTransaction', young, { encoding: 'base64' })
  expect(early.error).toMatchObject({ code: -32002, data: { err: 'BlockhashNotFound' } })
  expect(
    (await ask(localnet, 'getBalance', key('receiver').publicKey.toBase58(), processed)).result.value,
  ).toBe(1e9)
})

test('simulateTransaction shows balances, accounts and a replaced blockhash', async () => {
  const localnet = await byHand()
  const payer = fundedKey(localnet)
  const text = await signed(localnet, payer, pay(payer, 'receiver', 1e9))
  await localnet.tick(200)
  const receiver = key('receiver').publicKey.toBase58()
  const old = await ask(localnet, 'simulateTransaction', text, { encoding: 'base64', ...processed })
  expect(old.result.value).toMatchObject({ err: 'BlockhashNotFound', logs: [], unitsConsumed: 0 })
  const { result } = await ask(localnet, 'simulateTransaction', text, {
    encoding: 'base64',
    ...processed,
    replaceRecentBlockhash: true,
    innerInstructions: true,
    accounts: { encoding: 'base64', addresses: [receiver] },
  })
  expect(result).toStrictEqual({
    context,
    value: {
      err: null,
      logs: [`Program ${SYSTEM} invoke [1]`, `Program ${SYSTEM} success`],
      accounts: [expect.objectContaining({ lamports: 1e9, owner: SYSTEM })],
      unitsConsumed: 150,
      loadedAccountsDataSize: expect.any(Number),
      returnData: null,
      innerInstructions: [],
      replacementBlockhash: { blockhash: expect.any(String), lastValidBlockHeight: expect.any(Number) },
      fee: 5_000,
      preBalances: [1e15, 0, 1],
      postBalances: [1e15 - 1e9 - 5_000, 1e9, 1],
      preTokenBalances: [],
      postTokenBalances: [],
      loadedAddresses: { writable: [], readonly: [] },
    },
  })
  expect((await ask(localnet, 'getBalance', receiver, processed)).result.value).toBe(0)
  const both = { encoding: 'base64', sigVerify: true, replaceRecentBlockhash: true }
  const clash = await ask(localnet, 'simulateTransaction', text, both)
  expect(clash.error?.message).toBe('sigVerify may not be used with replaceRecentBlockhash')
})

test('getSignaturesForAddress pages from the newest to the oldest', async () => {
  const localnet = await byHand()
  const payer = fundedKey(localnet)
  const sent: string[] = []
  for (let i = 1; i <= 5; i += 1) {
    sent.unshift(await send(localnet, await signed(localnet, payer, pay(payer, 'receiver', 1e9 * i))))
    await localnet.tick()
  }
  const receiver = key('receiver').publicKey.toBase58()
  const list = async (config: object) => {
    const answer = await ask(localnet, 'getSignaturesForAddress', receiver, {
      commitment: 'confirmed',
      ...config,
    })
    return answer.result
  }
  const all = await list({})
  expect(all.map((one: { signature: string }) => one.signature)).toEqual(sent)
  expect(all[0]).toStrictEqual({
    signature: sent[0],
    slot: localnet.slot - 1,
    err: null,
    memo: null,
    blockTime: START_TIME,
    confirmationStatus: 'confirmed',
  })
  expect(await list({ before: sent[1], limit: 2 })).toMatchObject([
    { signature: sent[2] },
    { signature: sent[3] },
  ])
  expect(await list({ until: sent[3] })).toHaveLength(3)
  const unknown = await ask(localnet, 'getSignaturesForAddress', receiver, { before: '1'.repeat(64) })
  expect(unknown.error?.code).toBe(-32020)
})

test('requestAirdrop as often as asked, in one slot too', async () => {
  const localnet = await byHand()
  const to = key('poor').publicKey.toBase58()
  const first = await ask(localnet, 'requestAirdrop', to, 1e9)
  const second = await ask(localnet, 'requestAirdrop', to, 1e9, { commitment: 'confirmed' })
  expect(first.result).not.toBe(second.result)
  expect((await ask(localnet, 'getBalance', to, processed)).result.value).toBe(2e9)
  expect((await ask(localnet, 'getBalance', to)).result.value).toBe(0)
  const tooMuch = await ask(localnet, 'requestAirdrop', to, Number.MAX_SAFE_INTEGER * 100)
  expect(tooMuch.error?.code).toBe(-32603)
})

test('minContextSlot is honoured', async () => {
  const localnet = await byHand()
  const ahead = await ask(localnet, 'getBalance', localnet.fundedAddress, {
    ...processed,
    minContextSlot: localnet.slot + 1,
  })
  expect(ahead.error).toStrictEqual({
    code: -32016,
    message: 'Minimum context slot has not been reached',
    data: { contextSlot: localnet.slot },
  })
  const here = await ask(localnet, 'getSlot', { ...processed, minContextSlot: localnet.slot })
  expect(here.result).toBe(localnet.slot)
})

// Transactions sent, simulated and looked up, method by method: the answers have the fields of the real cluster.
import { expect, test } from 'vitest'
import { FINALIZED_AFTER } from '../src/index.ts'
import { ask, byHand, fundedKey, key, pay, START_TIME, send, signed } from './support.ts'

const SYSTEM = '11111111111111111111111111111111'
const context = { slot: expect.any(Number), apiVersion: expect.any(String) }
const processed = { commitment: 'processed' }

test('sendTransaction, getSignatureStatuses through the commitments', async () => {
  const localnet = await byHand()
  const payer = fundedKey(localnet)
  const signature = (await send(localnet, await signed(localnet, payer, pay(payer, 'receiver', 1e9)))).result
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
  const { result: signature } = await send(localnet, base64)
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
    sent.unshift(
      (await send(localnet, await signed(localnet, payer, pay(payer, 'receiver', 1e9 * i)))).result,
    )
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

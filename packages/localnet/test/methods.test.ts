// Method by method: the answers have the fields of the real cluster, as its RPC documentation lists them.
import { Transaction } from '@solana/web3.js'
import { expect, test } from 'vitest'
import { FINALIZED_AFTER } from '../src/index.ts'
import { ask, byHand, fundedKey, handPorts, key, pay, START_TIME } from './support.ts'

const SYSTEM = '11111111111111111111111111111111'
const RENT_EXEMPT = 18_446_744_073_709_552_000
const context = { slot: expect.any(Number), apiVersion: expect.any(String) }
const processed = { commitment: 'processed' }

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

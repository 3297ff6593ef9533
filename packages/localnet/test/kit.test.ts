// The plain kit client against one port, and transactions with a lookup table.
import {
  AccountRole,
  type Address,
  address,
  airdropFactory,
  appendTransactionMessageInstructions,
  assertIsTransactionWithBlockhashLifetime,
  compressTransactionMessageUsingAddressLookupTables,
  createKeyPairSignerFromBytes,
  createSolanaRpc,
  createSolanaRpcSubscriptions,
  createTransactionMessage,
  generateKeyPairSigner,
  getBase64EncodedWireTransaction,
  getSignatureFromTransaction,
  type Instruction,
  isSolanaError,
  type KeyPairSigner,
  lamports,
  pipe,
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE,
  sendAndConfirmTransactionFactory,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
} from '@solana/kit'
import { AddressLookupTableProgram, PublicKey } from '@solana/web3.js'
import { expect, test } from 'vitest'
import type { Localnet } from '../src/index.ts'
import { byHand, key, ticking } from './support.ts'

const SYSTEM = address('11111111111111111111111111111111')

function clients(localnet: Localnet) {
  return {
    rpc: createSolanaRpc(localnet.url),
    rpcSubscriptions: createSolanaRpcSubscriptions(localnet.wsUrl),
  }
}

function transfer(from: KeyPairSigner, to: Address, amount: bigint): Instruction {
  const data = Buffer.alloc(12)
  data.writeUInt32LE(2, 0)
  data.writeBigUInt64LE(amount, 4)
  return {
    programAddress: SYSTEM,
    accounts: [
      { address: from.address, role: AccountRole.WRITABLE_SIGNER },
      { address: to, role: AccountRole.WRITABLE },
    ],
    data,
  }
}

type Tables = Readonly<Record<Address, Address[]>>

async function signed(
  localnet: Localnet,
  payer: KeyPairSigner,
  what: { instructions: readonly Instruction[]; tables?: Tables },
) {
  const { value } = await clients(localnet).rpc.getLatestBlockhash({ commitment: 'confirmed' }).send()
  const transaction = await pipe(
    createTransactionMessage({ version: 0 }),
    (message) => setTransactionMessageFeePayerSigner(payer, message),
    (message) => setTransactionMessageLifetimeUsingBlockhash(value, message),
    (message) => appendTransactionMessageInstructions(what.instructions, message),
    (message) => compressTransactionMessageUsingAddressLookupTables(message, what.tables ?? {}),
    (message) => signTransactionMessageWithSigners(message),
  )
  assertIsTransactionWithBlockhashLifetime(transaction)
  return transaction
}

test('airdrop, transfer, confirmation and the account afterwards', async () => {
  const localnet = await ticking()
  const { rpc, rpcSubscriptions } = clients(localnet)
  const payer = await generateKeyPairSigner()
  const airdrop = airdropFactory({ rpc, rpcSubscriptions })
  await airdrop({
    recipientAddress: payer.address,
    lamports: lamports(5_000_000_000n),
    commitment: 'confirmed',
  })
  const receiver = (await generateKeyPairSigner()).address
  const transaction = await signed(localnet, payer, {
    instructions: [transfer(payer, receiver, 1_000_000_000n)],
  })
  const sendAndConfirm = sendAndConfirmTransactionFactory({ rpc, rpcSubscriptions })
  await sendAndConfirm(transaction, { commitment: 'finalized' })
  expect((await rpc.getBalance(receiver).send()).value).toBe(1_000_000_000n)
  const { value: account } = await rpc.getAccountInfo(receiver, { encoding: 'base64' }).send()
  expect(account).toMatchObject({
    lamports: 1_000_000_000n,
    owner: SYSTEM,
    rentEpoch: 2n ** 64n - 1n,
    space: 0n,
  })
  const found = await rpc
    .getTransaction(getSignatureFromTransaction(transaction), {
      encoding: 'json',
      maxSupportedTransactionVersion: 0,
    })
    .send()
  expect(found).toMatchObject({ version: 0, meta: { err: null, fee: 5_000n, computeUnitsConsumed: 150n } })
})

test('a failing transaction is a typed error with its cause', async () => {
  const localnet = await byHand()
  const { rpc, rpcSubscriptions } = clients(localnet)
  const payer = await createKeyPairSignerFromBytes(localnet.fundedKey)
  const receiver = (await generateKeyPairSigner()).address
  const transaction = await signed(localnet, payer, { instructions: [transfer(payer, receiver, 2n ** 60n)] })
  const sending = sendAndConfirmTransactionFactory({ rpc, rpcSubscriptions })(transaction, {
    commitment: 'confirmed',
  })
  const error = await sending.catch((caught: unknown) => caught)
  expect(isSolanaError(error, SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE)).toBe(
    true,
  )
})

/** Kit gives what comes after it is asked for the first time, so ask before the thing happens. */
async function first<T>(subscribing: Promise<AsyncIterable<T>>): Promise<{ told: Promise<T | undefined> }> {
  const iterator = (await subscribing)[Symbol.asyncIterator]()
  return { told: iterator.next().then((next) => (next.done ? undefined : next.value)) }
}

test('subscriptions to slots, accounts and logs', async () => {
  const localnet = await ticking()
  const { rpc, rpcSubscriptions } = clients(localnet)
  const until = { abortSignal: AbortSignal.timeout(20_000) }
  const receiver = (await generateKeyPairSigner()).address
  const confirmed = { commitment: 'confirmed', encoding: 'base64' } as const
  const slot = await first(rpcSubscriptions.slotNotifications().subscribe(until))
  const account = await first(rpcSubscriptions.accountNotifications(receiver, confirmed).subscribe(until))
  const log = await first(
    rpcSubscriptions
      .logsNotifications({ mentions: [receiver] }, { commitment: 'processed' })
      .subscribe(until),
  )
  await rpc.requestAirdrop(receiver, lamports(1_000_000_000n)).send()
  const opened = await slot.told
  expect(opened?.slot).toBe((opened?.parent ?? 0n) + 1n)
  expect((await account.told)?.value.lamports).toBe(1_000_000_000n)
  expect((await log.told)?.value).toMatchObject({ err: null, logs: expect.any(Array) })
})

test('a version 0 transaction that takes its accounts from a lookup table', async () => {
  const localnet = await byHand()
  const { rpc } = clients(localnet)
  const payer = await createKeyPairSignerFromBytes(localnet.fundedKey)
  await localnet.tick(2)
  const authority = new PublicKey(payer.address)
  const receiver = address(key('receiver').publicKey.toBase58())
  const [create, tableKey] = AddressLookupTableProgram.createLookupTable({
    authority,
    payer: authority,
    recentSlot: localnet.slot - 1,
  })
  const extend = AddressLookupTableProgram.extendLookupTable({
    lookupTable: tableKey,
    authority,
    payer: authority,
    addresses: [new PublicKey(receiver)],
  })
  const asInstruction = ({ programId, keys, data }: typeof create): Instruction => ({
    programAddress: address(programId.toBase58()),
    accounts: keys.map(({ pubkey, isSigner, isWritable }) => ({
      address: address(pubkey.toBase58()),
      role: isSigner
        ? isWritable
          ? AccountRole.WRITABLE_SIGNER
          : AccountRole.READONLY_SIGNER
        : isWritable
          ? AccountRole.WRITABLE
          : AccountRole.READONLY,
    })),
    data,
  })
  const send = async (transaction: Awaited<ReturnType<typeof signed>>) => {
    return rpc
      .sendTransaction(getBase64EncodedWireTransaction(transaction), {
        encoding: 'base64',
        preflightCommitment: 'processed',
      })
      .send()
  }
  await send(await signed(localnet, payer, { instructions: [asInstruction(create), asInstruction(extend)] }))
  await localnet.tick(2)
  const table = address(tableKey.toBase58())
  const signature = await send(
    await signed(localnet, payer, {
      instructions: [transfer(payer, receiver, 1_000_000_000n)],
      tables: { [table]: [receiver] },
    }),
  )
  await localnet.tick(2)
  const config = { commitment: 'confirmed', encoding: 'json', maxSupportedTransactionVersion: 0 } as const
  const found = await rpc.getTransaction(signature, config).send()
  expect(found?.meta?.loadedAddresses).toEqual({ writable: [receiver], readonly: [] })
  expect(found?.transaction.message).toMatchObject({
    addressTableLookups: [{ accountKey: table, writableIndexes: [0] }],
  })
  expect((await rpc.getBalance(receiver, { commitment: 'confirmed' }).send()).value).toBe(1_000_000_000n)
  const listed = await rpc.getSignaturesForAddress(receiver, { commitment: 'confirmed' }).send()
  expect(listed.map((one) => one.signature)).toEqual([signature])
  const parsed = await rpc
    .getTransaction(signature, {
      commitment: 'confirmed',
      encoding: 'jsonParsed',
      maxSupportedTransactionVersion: 0,
    })
    .send()
  expect(parsed?.transaction.message.accountKeys.at(-1)).toMatchObject({
    pubkey: receiver,
    source: 'lookupTable',
  })
  await expect(
    rpc.getTransaction(signature, { commitment: 'confirmed', encoding: 'json' }).send(),
  ).rejects.toThrow('Transaction version')
})

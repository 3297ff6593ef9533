// The plain web3.js client, as anybody installs it, waiting for confirmations over its WebSocket on the next port.
import {
  Connection,
  type Keypair,
  LAMPORTS_PER_SOL,
  type PublicKey,
  SendTransactionError,
  SystemProgram,
  sendAndConfirmTransaction,
  Transaction,
  TransactionExpiredBlockheightExceededError,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js'
import { expect, test } from 'vitest'
import { byHand, fundedKey, key, ticking } from './support.ts'

function transfer(from: Keypair, to: PublicKey, lamports: number): Transaction {
  return new Transaction().add(SystemProgram.transfer({ fromPubkey: from.publicKey, toPubkey: to, lamports }))
}

test('an airdrop is confirmed, and a transfer of it finalized', async () => {
  const localnet = await ticking()
  const connection = new Connection(localnet.url, 'confirmed')
  const [payer, receiver] = [key('payer'), key('receiver')]
  const signature = await connection.requestAirdrop(payer.publicKey, 5 * LAMPORTS_PER_SOL)
  const latest = await connection.getLatestBlockhash()
  const confirmed = await connection.confirmTransaction({ signature, ...latest })
  expect(confirmed.value.err).toBeNull()
  expect(await connection.getBalance(payer.publicKey)).toBe(5 * LAMPORTS_PER_SOL)

  const sent = await sendAndConfirmTransaction(
    connection,
    transfer(payer, receiver.publicKey, LAMPORTS_PER_SOL),
    [payer],
    {
      commitment: 'finalized',
    },
  )
  expect(await connection.getBalance(receiver.publicKey, 'finalized')).toBe(LAMPORTS_PER_SOL)
  const found = await connection.getTransaction(sent, {
    commitment: 'finalized',
    maxSupportedTransactionVersion: 0,
  })
  expect(found?.meta?.err).toBeNull()
  expect(found?.meta?.fee).toBe(5_000)
  const status = await connection.getSignatureStatus(sent)
  expect(status.value).toMatchObject({ confirmationStatus: 'finalized', confirmations: null, err: null })
})

test('version 0 transactions, parsed transactions, signatures of an address', async () => {
  const localnet = await ticking()
  const connection = new Connection(localnet.url, 'confirmed')
  const payer = fundedKey(localnet)
  const { blockhash, lastValidBlockHeight } = await connection.getLatestBlockhash()
  const message = new TransactionMessage({
    payerKey: payer.publicKey,
    recentBlockhash: blockhash,
    instructions: transfer(payer, key('receiver').publicKey, LAMPORTS_PER_SOL).instructions,
  }).compileToV0Message()
  const transaction = new VersionedTransaction(message)
  transaction.sign([payer])
  const signature = await connection.sendTransaction(transaction)
  await connection.confirmTransaction({ signature, blockhash, lastValidBlockHeight })
  const versions = { maxSupportedTransactionVersion: 0 }
  expect((await connection.getTransaction(signature, versions))?.version).toBe(0)
  const parsed = await connection.getParsedTransaction(signature, versions)
  expect(parsed?.transaction.message.accountKeys[0]).toMatchObject({ signer: true, writable: true })
  const [newest] = await connection.getSignaturesForAddress(payer.publicKey)
  expect(newest).toMatchObject({ signature, err: null, confirmationStatus: 'confirmed' })
})

test('subscriptions to accounts, programs, logs, slots, roots and signatures', async () => {
  const localnet = await ticking()
  const connection = new Connection(localnet.url, 'confirmed')
  const payer = fundedKey(localnet)
  const receiver = key('receiver').publicKey
  const heard = {
    account: new Promise<number>((done) =>
      connection.onAccountChange(receiver, ({ lamports }) => done(lamports)),
    ),
    program: new Promise<string>((done) =>
      connection.onProgramAccountChange(SystemProgram.programId, ({ accountId }) => {
        if (accountId.equals(receiver)) done(accountId.toBase58())
      }),
    ),
    logs: new Promise<string[]>((done) => connection.onLogs(receiver, ({ logs }) => done(logs))),
    slot: new Promise<number>((done) => connection.onSlotChange(({ slot, parent }) => done(slot - parent))),
    root: new Promise<number>((done) => connection.onRootChange(done)),
  }
  // The subscriptions are there once a later one has answered.
  await Promise.all([heard.slot, heard.root])
  const signature = await connection.sendTransaction(transfer(payer, receiver, LAMPORTS_PER_SOL), [payer])
  const told = new Promise<unknown>((done) =>
    connection.onSignature(signature, ({ err }) => done(err), 'finalized'),
  )
  expect(await heard.account).toBe(LAMPORTS_PER_SOL)
  expect(await heard.program).toBe(receiver.toBase58())
  expect((await heard.logs)[0]).toContain('invoke [1]')
  expect(await heard.slot).toBe(1)
  expect(await told).toBeNull()
})

test('a failing transaction fails in preflight, with its logs', async () => {
  const localnet = await byHand()
  const connection = new Connection(localnet.url, 'processed')
  const payer = fundedKey(localnet)
  const sending = connection.sendTransaction(transfer(payer, key('receiver').publicKey, 2e15), [payer])
  const error = await sending.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(SendTransactionError)
  expect(String(error)).toContain('custom program error: 0x1')
  expect((error as SendTransactionError).logs?.join('\n')).toContain('insufficient lamports')
})

test('a simulation shows what would happen, and nothing happens', async () => {
  const localnet = await byHand()
  const connection = new Connection(localnet.url, 'processed')
  const payer = fundedKey(localnet)
  const receiver = key('receiver').publicKey
  const { value } = await connection.simulateTransaction(
    transfer(payer, receiver, LAMPORTS_PER_SOL),
    [payer],
    [receiver],
  )
  expect(value).toMatchObject({ err: null, unitsConsumed: 150 })
  expect(value.accounts?.[0]?.lamports).toBe(LAMPORTS_PER_SOL)
  expect(await connection.getBalance(receiver)).toBe(0)
})

test('a transaction whose blockhash is too old expires', async () => {
  const localnet = await byHand()
  const connection = new Connection(localnet.url, 'confirmed')
  const payer = fundedKey(localnet)
  const latest = await connection.getLatestBlockhash()
  const old = transfer(payer, key('receiver').publicKey, LAMPORTS_PER_SOL)
  old.recentBlockhash = latest.blockhash
  old.feePayer = payer.publicKey
  old.sign(payer)
  await localnet.tick(152)
  const signature = await connection.sendRawTransaction(old.serialize(), { skipPreflight: true })
  const waiting = connection.confirmTransaction({ signature, ...latest })
  await expect(waiting).rejects.toBeInstanceOf(TransactionExpiredBlockheightExceededError)
  expect(await connection.getBalance(key('receiver').publicKey)).toBe(0)
  await expect(connection.sendRawTransaction(old.serialize())).rejects.toThrow('Blockhash not found')
})

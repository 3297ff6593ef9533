// A real process on a real folder, killed with -9 in the middle of its work, again and again.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Keypair, SystemProgram, Transaction } from '@solana/web3.js'
import { afterEach, expect, test } from 'vitest'
import { type Answer, key, newFolder } from './support.ts'

const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts')
const KILLS = 6
const SENDERS = 4

let child: ChildProcess | undefined

afterEach(() => child?.kill('SIGKILL'))

async function start(ledger: string, slotMs: number): Promise<{ process: ChildProcess; url: string }> {
  const args = [MAIN, '--port', '0', '--ledger', ledger, '--slot-ms', String(slotMs), '--json']
  const process_ = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  child = process_
  const [line] = await once(createInterface({ input: process_.stdout }), 'line')
  return { process: process_, url: JSON.parse(String(line)).url }
}

async function call(url: string, method: string, ...params: unknown[]): Promise<Answer> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const response = await fetch(url, { method: 'POST', body })
  return (await response.json()) as Answer
}

interface Acknowledged {
  readonly signature: string
  readonly receiver: string
  readonly lamports: number
  readonly raw: string
}

interface Heard {
  readonly acks: Acknowledged[]
  slot: number
  hash: string
}

interface Sender {
  readonly payer: Keypair
  readonly name: string
  readonly heard: Heard
}

/** Sends transfers, each to an address of its own, until the process is gone. */
async function work(url: string, { payer, name, heard }: Sender): Promise<never> {
  for (let i = 0; ; i += 1) {
    const latest = await call(url, 'getLatestBlockhash', { commitment: 'processed' })
    heard.hash = latest.result.value.blockhash
    heard.slot = Math.max(heard.slot, latest.result.context.slot)
    const receiver = key(`${name} ${i}`).publicKey
    const lamports = 1_000_000 + i
    const transfer = SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: receiver, lamports })
    const transaction = new Transaction({ recentBlockhash: heard.hash, feePayer: payer.publicKey }).add(
      transfer,
    )
    transaction.sign(payer)
    const raw = transaction.serialize().toString('base64')
    const sent = await call(url, 'sendTransaction', raw, {
      encoding: 'base64',
      preflightCommitment: 'processed',
    })
    heard.acks.push({ signature: sent.result, receiver: receiver.toBase58(), lamports, raw })
    await call(url, 'requestAirdrop', payer.publicKey.toBase58(), 1_000_000)
  }
}

async function checkAll(url: string, heard: Heard, all: readonly Acknowledged[]): Promise<void> {
  const processed = { commitment: 'processed' }
  expect((await call(url, 'getSlot', processed)).result).toBeGreaterThanOrEqual(heard.slot)
  expect((await call(url, 'isBlockhashValid', heard.hash, processed)).result.value).toBe(true)
  for (const ack of heard.acks) {
    expect((await call(url, 'getBalance', ack.receiver, processed)).result.value).toBe(ack.lamports)
  }
  const config = { encoding: 'base64', preflightCommitment: 'processed' }
  const resent = await call(url, 'sendTransaction', heard.acks.at(-1)?.raw, config)
  expect(resent.error?.message).toContain('already been processed')
  for (let i = 0; i < all.length; i += 256) {
    const signatures = all.slice(i, i + 256).map(({ signature }) => signature)
    const statuses = await call(url, 'getSignatureStatuses', signatures, { searchTransactionHistory: true })
    expect(statuses.result.value.filter((status: unknown) => status === null)).toEqual([])
  }
}

test(`nothing acknowledged is lost over ${KILLS} kills`, { timeout: 180_000 }, async () => {
  const folder = await newFolder()
  const all: Acknowledged[] = []
  let running = await start(folder, 20)
  const secret = JSON.parse(await readFile(join(folder, 'key.json'), 'utf8'))
  const payer = Keypair.fromSecretKey(Uint8Array.from(secret))
  for (let round = 0; round < KILLS; round += 1) {
    const heard: Heard = { acks: [], slot: 0, hash: '' }
    const gone = once(running.process, 'exit')
    const names = Array.from({ length: SENDERS }, (_, i) => `${round} ${i}`)
    const working = Promise.allSettled(names.map((name) => work(running.url, { payer, name, heard })))
    const enough = 1 + ((round * 17) % 40)
    while (heard.acks.length < enough) await call(running.url, 'getSlot')
    running.process.kill('SIGKILL')
    await Promise.all([gone, working])
    all.push(...heard.acks)
    // Some rounds with quick slots, so that more of them are replayed; not so quick that a busy machine loses a blockhash.
    running = await start(folder, round % 2 === 0 ? 20 : 100)
    await checkAll(running.url, heard, all)
  }
  const ended = once(running.process, 'exit')
  running.process.kill('SIGTERM')
  expect((await ended)[0]).toBe(0)
  console.log(`acknowledged ${all.length} transactions over ${KILLS} kills, lost 0`)
})

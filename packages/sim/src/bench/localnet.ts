// The local chain as a process of its own: how soon it answers, and how many transactions a second it takes over RPC.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import {
  AccountRole,
  address,
  appendTransactionMessageInstruction,
  createKeyPairSignerFromBytes,
  createTransactionMessage,
  getBase64EncodedWireTransaction,
  type KeyPairSigner,
  pipe,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
  blockhash as toBlockhash,
} from '@solana/kit'
import { atMost, type Bench, type Measured, median } from './types.ts'

const STARTS = 5
const TRANSACTIONS = 2_000
/** Requests under way at once. */
const CLIENTS = 32
const START_BAR_MS = 2_000

const MAIN = join(dirname(fileURLToPath(import.meta.resolve('@piecework/localnet'))), 'main.ts')
const SYSTEM = address('11111111111111111111111111111111')
/** Any address that nobody has. */
const RECEIVER = address('Bench111111111111111111111111111111111111111')
const TRANSFER = 2
const LAMPORTS = 1_000_000n

export const bench: Bench = {
  name: 'localnet',
  about:
    'The local chain: from the start of its process to its first answer, and transactions a second over RPC.',
  run: measure,
}

async function measure(): Promise<Measured> {
  const starts: number[] = []
  for (let i = 0; i < STARTS; i += 1) starts.push(await withChain([], async (chain) => chain.startedMs))
  const firstAnswerMs = median(starts)
  const ledger = await mkdtemp(join(tmpdir(), 'bench-localnet-'))
  try {
    const inMemory = await withChain([], (chain) => sendAll(chain, {}))
    const unchecked = await withChain([], (chain) => sendAll(chain, { skipPreflight: true }))
    const onDisk = await withChain(['--ledger', ledger], (chain) => sendAll(chain, {}))
    const restartMs = await withChain(['--ledger', ledger], async (chain) => chain.startedMs)
    return {
      figures: {
        firstAnswerMs: Math.round(firstAnswerMs),
        restartMs: Math.round(restartMs),
        transactionsPerSecond: Math.round(inMemory),
        transactionsPerSecondWithoutPreflight: Math.round(unchecked),
        transactionsPerSecondWithLedger: Math.round(onDisk),
      },
      bars: [atMost('start to first answer, ms', Math.round(firstAnswerMs), START_BAR_MS)],
    }
  } finally {
    await rm(ledger, { recursive: true, force: true })
  }
}

interface RunningChain {
  readonly call: (method: string, ...params: unknown[]) => Promise<unknown>
  readonly keyFile: string
  readonly startedMs: number
}

async function withChain<T>(flags: readonly string[], work: (chain: RunningChain) => Promise<T>): Promise<T> {
  const begin = performance.now()
  const args = [MAIN, '--port', '0', '--json', ...flags]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS })
  try {
    const [line] = await once(createInterface({ input: child.stdout }), 'line')
    const { url, keyFile } = JSON.parse(String(line))
    const call = (method: string, ...params: unknown[]) => post(url, agent, { method, params })
    await call('getHealth')
    return await work({ call, keyFile, startedMs: performance.now() - begin })
  } finally {
    agent.destroy()
    await ended(child)
  }
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}

/** Signs everything first, then sends it, so that only the chain's own work is measured. */
async function sendAll(chain: RunningChain, config: { skipPreflight?: true }): Promise<number> {
  const payer = await createKeyPairSignerFromBytes(
    Uint8Array.from(JSON.parse(await readFile(chain.keyFile, 'utf8'))),
  )
  const latest = (await chain.call('getLatestBlockhash', { commitment: 'processed' })) as {
    value: { blockhash: string }
  }
  const numbers = Array.from({ length: TRANSACTIONS }, (_, i) => i)
  const signed = await Promise.all(
    numbers.map((i) => transfer(payer, latest.value.blockhash, LAMPORTS + BigInt(i))),
  )
  const options = { encoding: 'base64', preflightCommitment: 'processed', ...config }
  const begin = performance.now()
  const client = async () => {
    for (let next = signed.pop(); next !== undefined; next = signed.pop()) {
      await chain.call('sendTransaction', next, options)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  const seconds = (performance.now() - begin) / 1_000
  const landed = await chain.call('getTransactionCount', { commitment: 'processed' })
  if (landed !== TRANSACTIONS) throw new Error(`${landed} of ${TRANSACTIONS} transactions landed`)
  return TRANSACTIONS / seconds
}

async function transfer(payer: KeyPairSigner, blockhash: string, lamports: bigint): Promise<string> {
  const data = Buffer.alloc(12)
  data.writeUInt32LE(TRANSFER, 0)
  data.writeBigUInt64LE(lamports, 4)
  const lifetime = { blockhash: toBlockhash(blockhash), lastValidBlockHeight: 0n }
  const accounts = [
    { address: payer.address, role: AccountRole.WRITABLE_SIGNER },
    { address: RECEIVER, role: AccountRole.WRITABLE },
  ]
  const message = pipe(
    createTransactionMessage({ version: 0 }),
    (empty) => setTransactionMessageFeePayerSigner(payer, empty),
    (paid) => setTransactionMessageLifetimeUsingBlockhash(lifetime, paid),
    (timed) => appendTransactionMessageInstruction({ programAddress: SYSTEM, accounts, data }, timed),
  )
  return getBase64EncodedWireTransaction(await signTransactionMessageWithSigners(message))
}

function post(url: string, agent: Agent, call: { method: string; params: unknown[] }): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, ...call })
  return new Promise((resolve, reject) => {
    const sending = request(
      url,
      { method: 'POST', agent, headers: { 'content-type': 'application/json' } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const { result, error } = JSON.parse(Buffer.concat(chunks).toString('utf8'))
          if (error === undefined) resolve(result)
          else reject(new Error(`${call.method}: ${error.message}`))
        })
      },
    )
    sending.on('error', reject)
    sending.end(body)
  })
}

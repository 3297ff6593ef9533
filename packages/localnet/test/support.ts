// What the tests share: chains that tick by hand, and keys that are the same in every run.
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Keypair, SystemProgram, Transaction, type TransactionInstruction } from '@solana/web3.js'
import { afterEach } from 'vitest'
import { type Localnet, type LocalnetOptions, type Ports, startLocalnet } from '../src/index.ts'

const started: Localnet[] = []
const folders: string[] = []

afterEach(async () => {
  await Promise.all(started.splice(0).map((localnet) => localnet.stop()))
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
})

/** Gone after the test, once everything has stopped. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'localnet-test-'))
  folders.push(folder)
  return folder
}

/** Seconds since 1970 at which hand-held clocks begin. */
export const START_TIME = 1_700_000_000

export interface HandPorts extends Ports {
  readonly warnings: string[]
  /** Moves the clock. */
  pass(seconds: number): void
}

export function handPorts(): HandPorts {
  let now = START_TIME * 1_000
  let drawn = 0
  const warnings: string[] = []
  return {
    now: () => now,
    random: (bytes) => {
      drawn += 1
      return createHash('sha512').update(`random ${drawn}`).digest().subarray(0, bytes)
    },
    every: () => {
      throw new Error('a chain by hand asks for no timer')
    },
    warn: (message) => void warnings.push(message),
    warnings,
    pass: (seconds) => {
      now += seconds * 1_000
    },
  }
}

/** Stopped after the test. Its slots wait for `tick`. */
export async function byHand(options: LocalnetOptions = {}, ports: Ports = handPorts()): Promise<Localnet> {
  const localnet = await startLocalnet({ slotMs: 0, ...options }, ports)
  started.push(localnet)
  return localnet
}

/** Slots by the wall clock, quick ones: for clients that wait. */
export async function ticking(options: LocalnetOptions = {}): Promise<Localnet> {
  const localnet = await startLocalnet({ slotMs: 40, ...options })
  started.push(localnet)
  return localnet
}

export function key(name: string): Keypair {
  return Keypair.fromSeed(createHash('sha256').update(name).digest())
}

export function fundedKey(localnet: Localnet): Keypair {
  return Keypair.fromSecretKey(localnet.fundedKey)
}

export interface Answer {
  readonly jsonrpc: string
  readonly id: unknown
  // The shape of results is what the tests are about.
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field
  readonly result?: any
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

export async function post(localnet: Localnet, body: string): Promise<Response> {
  return fetch(localnet.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
}

export async function ask(localnet: Localnet, method: string, ...params: unknown[]): Promise<Answer> {
  const response = await post(localnet, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))
  return (await response.json()) as Answer
}

export function pay(from: Keypair, to: string, lamports: number): TransactionInstruction {
  return SystemProgram.transfer({ fromPubkey: from.publicKey, toPubkey: key(to).publicKey, lamports })
}

/** In base64, under the newest blockhash. */
export async function signed(
  localnet: Localnet,
  payer: Keypair,
  instruction: TransactionInstruction,
): Promise<string> {
  const { result } = await ask(localnet, 'getLatestBlockhash', { commitment: 'processed' })
  const transaction = new Transaction({ recentBlockhash: result.value.blockhash, feePayer: payer.publicKey })
  transaction.add(instruction).sign(payer)
  return transaction.serialize().toString('base64')
}

export async function send(localnet: Localnet, text: string): Promise<Answer> {
  return ask(localnet, 'sendTransaction', text, { encoding: 'base64', preflightCommitment: 'processed' })
}

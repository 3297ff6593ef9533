// Adversary 7: keys and signatures on which implementations of ed25519 disagree. Three judge each: OpenSSL (servers),
// the browser code, and the chain itself, which is asked whether it lets a transaction so signed through.
import { hash } from 'node:crypto'
import { isAcceptableKey } from '@piecework/protocol'
import * as browser from '@piecework/protocol/ed25519/browser'
import * as server from '@piecework/protocol/ed25519/node'
import { type Forgery, type ForgeryPlan, forgeSignature } from '@piecework/testkit/ed25519-forgery'
import { SPECCHECK } from '@piecework/testkit/ed25519-speccheck'
import { getTransactionDecoder } from '@solana/kit'
import { FailedTransactionMetadata, LiteSVM } from 'litesvm'
import { atMost, type Measured } from '../bench/types.ts'
import type { Adversary, Size } from './types.ts'

/** Rounds over all forgers, each with a secret of its own. */
const ROUNDS: Readonly<Record<Size, number>> = { short: 8, full: 300 }

/** What software that is strict as Solana is accepts of the twelve: the published table's line 'Dalek strict'. */
const STRICT_ACCEPTS: readonly number[] = [3]

/** `SignatureFailure` among litesvm's transaction errors without fields. The honest cases would notice another. */
const SIGNATURE_FAILURE = 11

interface Case extends Omit<Forgery, 'holds'> {
  readonly name: string
  /** What the rule says of key and signature, by the algebra of who made them. */
  readonly verifies: boolean
  readonly honest: boolean
}

/** Legacy message with one signer who pays, a blockhash and no instruction: the shortest that a chain checks. */
function transactionMessage(publicKey: Uint8Array, blockhash: Uint8Array): Uint8Array {
  return new Uint8Array([1, 0, 0, 1, ...publicKey, ...blockhash, 0])
}

type Plan = Omit<ForgeryPlan, 'secret' | 'message'>

const TIMES = [1, 2, 3, 4, 5, 6, 7]

/** The points of small order that can be written with y + p, or with a sign for x = 0. */
const NOT_CANONICAL = [
  { y: `01${'00'.repeat(30)}80`, times: 0 },
  { y: `ee${'ff'.repeat(30)}7f`, times: 0 },
  { y: `ee${'ff'.repeat(31)}`, times: 0 },
  { y: `ed${'ff'.repeat(30)}7f`, times: 2 },
  { y: `ed${'ff'.repeat(31)}`, times: 6 },
  { y: `ec${'ff'.repeat(31)}`, times: 4 },
]

/** Each forger's plan, and whether it stays within the rule for keys that nobody registered. */
const FORGERS: readonly { readonly name: string; readonly plan: Plan; readonly wellFormed: boolean }[] = [
  { name: 'own nonce', plan: {}, wellFormed: true },
  ...TIMES.flatMap((times) => [
    { name: `R + ${times} T`, plan: { nonceTorsion: times }, wellFormed: true },
    { name: `A + ${times} T`, plan: { keyTorsion: times }, wellFormed: true },
    { name: `A + ${times} T, balanced`, plan: { keyTorsion: times, balanced: true }, wellFormed: true },
    {
      name: `A + T, R + ${times} T`,
      plan: { keyTorsion: 1, nonceTorsion: times, balanced: true },
      wellFormed: true,
    },
    {
      name: `A = ${times} T`,
      plan: { smallKey: true, keyTorsion: times, balanced: true },
      wellFormed: false,
    },
    { name: `R = ${times} T`, plan: { smallR: true, nonceTorsion: times }, wellFormed: false },
    { name: `s + ${2 * times} L`, plan: { addL: 2 * times }, wellFormed: false },
  ]),
  { name: 'A = 0', plan: { smallKey: true }, wellFormed: false },
  { name: 'R = 0', plan: { smallR: true }, wellFormed: false },
  ...NOT_CANONICAL.map(({ y, times }) => ({
    name: `R = ${times} T, written ${y.slice(0, 2)}..${y.slice(-2)}`,
    plan: { smallR: true, nonceTorsion: times, writtenR: Uint8Array.from(Buffer.from(y, 'hex')) },
    wellFormed: false,
  })),
]

function forgedCases(round: number): Case[] {
  const secret = hash('sha256', `forger ${round}`, 'buffer')
  const blockhash = hash('sha256', `blockhash ${round}`, 'buffer')
  return FORGERS.map(({ name, plan, wellFormed }) => {
    const message = (publicKey: Uint8Array): Uint8Array => transactionMessage(publicKey, blockhash)
    const { holds, ...forgery } = forgeSignature({ secret, message, ...plan })
    return { name, ...forgery, verifies: wellFormed && holds, honest: name === 'own nonce' }
  })
}

/** An honest signature, and the same with one bit changed anywhere. */
function otherCases(round: number): Case[] {
  const key = server.keyFromSecret(hash('sha256', `honest ${round}`, 'buffer'))
  const blockhash = hash('sha256', `blockhash ${round}`, 'buffer')
  const message = transactionMessage(key.publicKey, blockhash)
  const honest = { name: 'honest', publicKey: key.publicKey, message, signature: key.sign(message) }
  const bit = (round * 37) % 512
  const signature = honest.signature.with(bit >> 3, (honest.signature[bit >> 3] ?? 0) ^ (1 << (bit & 7)))
  return [
    { ...honest, verifies: true, honest: true },
    { ...honest, name: 'a bit changed', signature, verifies: false, honest: false },
  ]
}

/** Whether the chain's runtime finds fault with the signature. Whatever else it says of the transaction comes later. */
function chainAccepts(chain: LiteSVM, { message, signature }: Case): boolean {
  const bytes = new Uint8Array([1, ...signature, ...message])
  const result = chain.sendTransaction(getTransactionDecoder().decode(bytes))
  if (!(result instanceof FailedTransactionMetadata)) return true
  return result.err() !== SIGNATURE_FAILURE
}

/** How many answers of each kind were not as they must be. */
interface Tally {
  cases: number
  split: number
  wrong: number
  forgeriesThrough: number
  honestRefused: number
}

function judge(tally: Tally, chain: LiteSVM, one: Case): void {
  const { publicKey, message, signature } = one
  const answer = server.verifySignature(publicKey, message, signature)
  const through = answer && isAcceptableKey(publicKey)
  const others = [browser.verifySignature(publicKey, message, signature), chainAccepts(chain, one)]
  tally.cases++
  if (others.some((other) => other !== answer)) tally.split++
  if (answer !== one.verifies) tally.wrong++
  if (through && !one.honest) tally.forgeriesThrough++
  if (!through && one.honest) tally.honestRefused++
}

/** Differences from the published table; their messages are no transactions, so that the chain can't be asked. */
function speccheckDifferences(): number {
  return SPECCHECK.map((text, i) => {
    const [key, message, signature] = [text.publicKey, text.message, text.signature].map((hex) =>
      Uint8Array.from(Buffer.from(hex, 'hex')),
    )
    if (key === undefined || message === undefined || signature === undefined) return 1
    const answers = [server, browser].map((backend) => backend.verifySignature(key, message, signature))
    const differ = answers.filter((answer) => answer !== STRICT_ACCEPTS.includes(i)).length
    return differ + (answers[0] === true && isAcceptableKey(key) ? 1 : 0)
  }).reduce((sum, differences) => sum + differences, 0)
}

function run(size: Size): Measured {
  const chain = new LiteSVM()
  const tally: Tally = { cases: 0, split: 0, wrong: 0, forgeriesThrough: 0, honestRefused: 0 }
  for (let round = 0; round < ROUNDS[size]; round++) {
    for (const one of [...forgedCases(round), ...otherCases(round)]) judge(tally, chain, one)
  }
  return {
    figures: {
      'signatures judged by server, browser and chain': tally.cases,
      forgers: FORGERS.length + 2,
      'published cases': SPECCHECK.length,
    },
    bars: [
      atMost('splits between server, browser and chain', tally.split, 0),
      atMost('answers that are not what the algebra says', tally.wrong, 0),
      atMost('forgeries accepted from a registered key', tally.forgeriesThrough, 0),
      atMost('honest signatures refused', tally.honestRefused, 0),
      atMost('differences from the published table', speccheckDifferences(), 0),
    ],
  }
}

export const adversary: Adversary = {
  number: 7,
  name: 'ed25519',
  about: 'Someone signs in ways on which implementations disagree; servers, browsers and chain must agree.',
  run: async (size) => run(size),
}

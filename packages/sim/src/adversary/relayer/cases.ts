// Everything else that a relayer can be asked: other leaves, other wallets, other roots, other bytes, other questions.
import { bytesOf, keyOf, type NetworkAddresses, SYSTEM_PROGRAM } from '@piecework/chain'
import {
  type Protocol,
  type ProvenLeaf,
  protocols,
  type RelayAnswer,
  type RelayQuestion,
} from '@piecework/network'
import { JOB_REST, SLASH_DETAIL } from '@piecework/testkit/settlement'
import { SystemProgram, Transaction } from '@solana/web3.js'
import type { RelayWorld } from './world.ts'

export interface Case {
  readonly name: string
  readonly ask: (world: RelayWorld) => Promise<unknown>
}

/** The place of the wallet that is attacked, and of one that has been paid already. */
const VICTIM = 1
export const PAID = 0

/** A wallet's claim as it should be, with something else in it. */
function changed(
  name: string,
  change: (honest: RelayQuestion, world: RelayWorld) => Partial<RelayQuestion>,
): Case {
  return {
    name,
    ask: (world) => {
      const honest = world.honest(VICTIM, 1)
      return asked(world, { ...honest, ...change(honest, world) })
    },
  }
}

function leaf(name: string, change: (leaf: ProvenLeaf, world: RelayWorld) => Partial<ProvenLeaf>): Case {
  return changed(name, ({ leaf: honest }, world) => ({ leaf: { ...honest, ...change(honest, world) } }))
}

function proof(name: string, change: (proof: readonly Uint8Array[]) => readonly Uint8Array[]): Case {
  return leaf(name, ({ proof: honest }) => ({ proof: change(honest) }))
}

function wallet(name: string, of: (world: RelayWorld) => Uint8Array): Case {
  return changed(name, (_, world) => ({ wallet: of(world) }))
}

function asked(world: RelayWorld, question: RelayQuestion): Promise<RelayAnswer> {
  return world.attacker.ask(protocols.relay, question, world.settlerKey)
}

/** Bytes that no honest client sends. */
function bytes(name: string, of: (world: RelayWorld) => Uint8Array): Case {
  return { name, ask: (world) => raw(world, of(world)) }
}

export function raw(world: RelayWorld, question: Uint8Array): Promise<unknown> {
  const unchecked: Protocol<Uint8Array, RelayAnswer> = {
    ...protocols.relay,
    question: { encode: (value) => value, decode: (value) => value },
    maxQuestionBytes: Infinity,
  }
  return world.attacker.ask(unchecked, question, world.settlerKey)
}

export function honestBytes(world: RelayWorld): Uint8Array {
  return protocols.relay.question.encode(world.honest(VICTIM, 1))
}

const flipped = (value: Uint8Array): Uint8Array => value.with(0, (value[0] ?? 0) ^ 1)
const at = (world: RelayWorld): NetworkAddresses => world.network.chain.at

const LEAVES: readonly Case[] = [
  leaf('one more', ({ amount }) => ({ amount: amount + 1n })),
  leaf('all there is', () => ({ amount: 2n ** 64n - 1n })),
  leaf('nothing', () => ({ amount: 0n })),
  leaf('a least amount that is none', () => ({ minAmount: 0n })),
  leaf('a larger fee', () => ({ maxFee: 2n ** 63n })),
  leaf('a smaller fee', () => ({ maxFee: 0n })),
  leaf('other terms', ({ rest }) => ({ rest: flipped(rest) })),
  leaf("a neighbour's index", ({ index }) => ({ index: index + 1 })),
  leaf('an index past the end', () => ({ index: 7 })),
  leaf('the largest index', () => ({ index: 2 ** 32 - 1 })),
  leaf('the commons', (_, world) => ({ index: 0, amount: 0n, proof: world.accounts(1).proof(0) })),
  leaf('a job that is done', () => ({ done: true })),
]

const PROOFS: readonly Case[] = [
  proof('no proof', () => []),
  proof('a proof without its first level', (honest) => honest.slice(1)),
  proof('a proof without its last level', (honest) => honest.slice(0, -1)),
  proof('a proof with a level more', (honest) => [...honest, new Uint8Array(32)]),
  proof('a proof the other way round', (honest) => honest.toReversed()),
  proof('a proof with another bit', ([first = new Uint8Array(32), ...others]) => [flipped(first), ...others]),
  leaf("a neighbour's proof", ({ index }, world) => ({ proof: world.accounts(1).proof(index + 1) })),
  leaf('an inner node', ({ index, proof: honest }) => ({ index: index >> 1, proof: honest.slice(1) })),
]

const WALLETS: readonly Case[] = [
  wallet("the attacker's wallet", (world) => world.attacker.self),
  wallet("the settler's own wallet", (world) => bytesOf(world.carrier.address)),
  wallet("a neighbour's wallet", (world) => world.honest(VICTIM + 1, 1).wallet),
  wallet('the vault', (world) => bytesOf(at(world).vault)),
  wallet('the token program', () => new Uint8Array(32)),
]

const ROOTS: readonly Case[] = [
  changed('a root to come', () => ({ epoch: 2 })),
  changed('a root of long ago', () => ({ epoch: 2 ** 32 })),
  changed('the root before', () => ({ epoch: 0 })),
  changed('an old leaf under the newest root', (_, world) => ({ ...world.honest(VICTIM, 0), epoch: 1 })),
  changed('what was paid already', (_, world) => world.honest(PAID, 1)),
  changed('what was paid already, under an older root', (_, world) => world.honest(PAID, 0)),
  changed("a job's leaf", (_, world) => ({
    wallet: bytesOf(world.network.payer.address),
    leaf: { ...NOTHING, index: 0, amount: 5_000n, rest: JOB_REST, proof: world.ledgers(1).jobs.proof(0) },
  })),
  changed('a slash', (_, world) => ({
    wallet: bytesOf(world.network.payer.address),
    leaf: {
      ...NOTHING,
      index: 1,
      amount: 200n,
      rest: SLASH_DETAIL,
      proof: world.ledgers(1).slashes.proof(1),
    },
  })),
]

const BYTES: readonly Case[] = [
  bytes('nothing at all', () => new Uint8Array()),
  bytes('half a question', (world) => honestBytes(world).subarray(0, 60)),
  bytes('a question with a byte more', (world) => Uint8Array.of(...honestBytes(world), 0)),
  bytes('noise', () => new Uint8Array(400).fill(255)),
  bytes('more than any question', () => new Uint8Array(1_000_000)),
  bytes('a transfer of its SOL, to sign', (world) => Uint8Array.from(transfer(world).serializeMessage())),
  bytes('the same as a transaction', (world) =>
    Uint8Array.from(transfer(world).serialize({ requireAllSignatures: false, verifySignatures: false })),
  ),
]

const OTHERS: readonly Case[] = [
  {
    name: 'to co-sign a transfer of its SOL',
    ask: (world) => {
      const message = Uint8Array.from(transfer(world).serializeMessage())
      return world.attacker.ask(protocols.cosign, { message }, world.settlerKey)
    },
  },
  {
    name: 'what it wants on chain, as if it were a verifier',
    ask: (world) => world.attacker.ask(protocols.offers, { settler: world.attacker.self }, world.settlerKey),
  },
]

const NOTHING = { minAmount: 0n, maxFee: 0n, done: false }

function transfer(world: RelayWorld): Transaction {
  const [from, to] = [keyOf(world.carrier.address), keyOf(world.network.payer.address)]
  const recentBlockhash = SYSTEM_PROGRAM
  const instruction = SystemProgram.transfer({ fromPubkey: from, toPubkey: to, lamports: 1_000_000 })
  return new Transaction({ feePayer: from, recentBlockhash }).add(instruction)
}

export const CASES: readonly Case[] = [...LEAVES, ...PROOFS, ...WALLETS, ...ROOTS, ...BYTES, ...OTHERS]

// Cosign: a signature under exactly what is offered, and under nothing else.
import {
  type Address,
  addressOf,
  computeBudget,
  postValues,
  type Signer,
  signTransaction,
  type TransactionInstruction,
  vote,
} from '@piecework/chain'
import { verifySignature } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { cosign } from '../src/cosign.ts'
import { type Bare, bare, hashOf, payer } from './support/bare.ts'

const value = hashOf('the inventory')

async function offering(): Promise<Bare> {
  const all = await bare()
  await all.net.until((await all.net.epoch(0)).endsAt)
  all.shared.offers.see(await all.moment())
  all.shared.offers.put({ what: 'inventory', epoch: 0, value })
  return all
}

/** The message that a settler would ask a signature for. */
async function messageOf(
  instructions: readonly TransactionInstruction[],
  pays: Signer = payer,
  voteKey?: Address,
): Promise<Uint8Array> {
  const seen: Uint8Array[] = []
  const noting = (address: Address): Signer => ({
    address,
    sign: async (message) => {
      seen.push(message)
      return new Uint8Array(64)
    },
  })
  const signers = voteKey === undefined ? [] : [noting(voteKey)]
  const ports = {
    time: { now: () => 0, wait: () => new Promise<void>(() => {}) },
    stopped: new AbortController().signal,
  }
  await signTransaction(
    { instructions, payer: noting(pays.address), signers },
    addressOf(hashOf('a blockhash')),
    ports,
  ).catch(() => {})
  return seen[0] ?? new Uint8Array()
}

describe('cosign', () => {
  it('signs the post that it offers, whatever fee it pays', async () => {
    const { chain, shared } = await offering()
    const voteKey = addressOf(shared.voteKey)
    const post = postValues(chain.at, { what: 'inventory', number: 0, posts: [{ voteKey, value }] })
    const message = await messageOf(
      [...computeBudget({ units: 9, microLamportsPerUnit: 1n }), post],
      payer,
      voteKey,
    )
    const { signature } = cosign({ at: chain.at, ...shared }, { message })
    expect(verifySignature(shared.voteKey, message, signature)).toBe(true)
  })

  it('refuses other values, other epochs, other acts, and to pay', async () => {
    const { chain, shared } = await offering()
    const { at } = chain
    const voteKey = addressOf(shared.voteKey)
    const post = (number: number, posted: Uint8Array): TransactionInstruction =>
      postValues(at, { what: 'inventory', number, posts: [{ voteKey, value: posted }] })
    const own: Signer = { address: voteKey, sign: async () => new Uint8Array(64) }
    const messages = await Promise.all([
      messageOf([post(0, hashOf('another'))], payer, voteKey),
      messageOf([post(1, value)], payer, voteKey),
      messageOf([post(0, value), post(0, hashOf('another'))], payer, voteKey),
      messageOf([vote(at, { number: 0, attestation: value, voteKeys: [voteKey] })], payer, voteKey),
      messageOf([post(0, value)], own),
      messageOf([postValues(at, { what: 'commit', number: 0, posts: [{ voteKey, value }] })], payer, voteKey),
    ])
    const junk = [new Uint8Array(), Uint8Array.of(128, 1, 2), new Uint8Array(200).fill(7)]
    for (const message of [...messages, ...junk])
      expect(() => cosign({ at, ...shared }, { message })).toThrow(
        expect.objectContaining({ code: 'question/refused' }),
      )
  })
})

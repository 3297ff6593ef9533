// The one part of an epoch's facts that is not on chain: the parameters of kinds, of which the chain holds the hash.
import { createHash } from 'node:crypto'
import { equalBytes, type Facts, kindsCodec } from '@piecework/protocol'
import { ChainError } from '../errors.ts'
import type { ChainFacts } from './facts.ts'

/** The whole facts, with the bytes whose SHA-256 is `facts.kindsHash`: whoever serves content by its hash has them. */
export function withKinds({ kindsHash, ...facts }: ChainFacts, bytes: Uint8Array): Facts {
  const found = new Uint8Array(createHash('sha256').update(bytes).digest())
  if (!equalBytes(found, kindsHash)) {
    throw wrong('These are other bytes than those whose hash the Network account holds: ask somebody else', {
      kindsHash,
      found,
    })
  }
  return { ...facts, kinds: decoded(bytes, kindsHash) }
}

function decoded(bytes: Uint8Array, kindsHash: Uint8Array): Facts['kinds'] {
  try {
    return kindsCodec.decode(bytes)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw wrong(
      `The Network account holds the hash of no parameters of kinds: its authority has to set another (${why})`,
      {
        kindsHash,
      },
    )
  }
}

function wrong(message: string, context: Readonly<Record<string, unknown>>): ChainError {
  return new ChainError('facts/wrong-kinds', message, context)
}

// Copying a report: what was committed can be seen before anybody reveals, and what was revealed afterwards. Neither can
// be put to use, because a commit names its verifier.
import {
  joinReveal,
  joinSigned,
  keyFromSecret,
  ProtocolError,
  type Report,
  type Reporter,
  readReveal,
  reportCodec,
  reportCommit,
  reportHash,
  type SigningKey,
  verifySignature,
} from '@piecework/protocol'
import type { SeededRandom } from '@piecework/testkit'

const EPOCH = 7
const VICTIM = 1
const COPIER = 2

/** A report as it stands on chain and comes in its reveal. */
interface Revealed {
  readonly report: Report
  readonly salt: Uint8Array
  readonly commit: Uint8Array
  readonly reveal: Uint8Array
}

function reveal(report: Report, salt: Uint8Array, key: SigningKey): Revealed {
  const { networkId, epoch, verifierId } = report
  const message = reportCodec.encode(report)
  const hash = reportHash(networkId, message)
  const signed = joinSigned({ signature: key.sign(hash), message })
  const commit = reportCommit({ networkId, epoch, verifierId, salt, reportHash: hash })
  return { report, salt, commit, reveal: joinReveal({ salt, signed }) }
}

export interface Copies {
  readonly tried: number
  readonly accepted: number
}

/** A victim reports what it found; a copier has every way there is to report the same. */
export function copyReports(random: SeededRandom, count: number): Copies {
  let tried = 0
  let accepted = 0
  for (let i = 0; i < count; i++) {
    const networkId = random.bytes(32)
    const keys = [keyFromSecret(random.bytes(32)), keyFromSecret(random.bytes(32))] as const
    const stint = {
      node: i,
      traces: [random.bytes(32)],
      delivered: [Uint8Array.of(7)],
      answers: [],
      scores: [],
    }
    const found = { networkId, epoch: EPOCH, stints: [{ epoch: EPOCH, ...stint }], evidence: [] }
    const victim = reveal({ ...found, verifierId: VICTIM }, random.bytes(32), keys[0])
    const relabelled = reveal({ ...found, verifierId: COPIER }, victim.salt, keys[1])
    const guessed = reveal({ ...found, stints: [], verifierId: COPIER }, random.bytes(32), keys[1])
    const attempts = [
      { commit: victim.commit, reveal: victim.reveal },
      { commit: victim.commit, reveal: relabelled.reveal },
      { commit: guessed.commit, reveal: victim.reveal },
      { commit: guessed.commit, reveal: relabelled.reveal },
    ]
    const reporter = {
      networkId,
      epoch: EPOCH,
      verifierId: COPIER,
      voteKey: keys[1].publicKey,
      verify: verifySignature,
    }
    tried += attempts.length
    accepted += attempts.filter((attempt) =>
      isRead(attempt.reveal, { ...reporter, commit: attempt.commit }),
    ).length
  }
  return { tried, accepted }
}

function isRead(bytes: Uint8Array, reporter: Reporter & { readonly commit: Uint8Array }): boolean {
  try {
    readReveal(bytes, reporter)
    return true
  } catch (error) {
    if (error instanceof ProtocolError) return false
    throw error
  }
}

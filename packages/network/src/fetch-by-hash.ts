// Fetches by hash from several peers in turn. What one sends counts when it is what was asked for, whoever sent it; what
// it lacks, holds back or falsifies, the next one is asked for.
import { ProtocolError, toHex } from '@piecework/protocol'
import { protocols } from './all-protocols.ts'
import { NetworkError } from './errors.ts'
import { DATA_HASHES } from './limits.ts'
import type { Network } from './port.ts'
import type { DataAnswer, Sort } from './questions.ts'
import { type Check, checkOf, type OwnSort } from './sort-checks.ts'

interface FetchOptions {
  readonly network: Pick<Network, 'ask'>
  readonly networkId: Uint8Array
  readonly hashes: readonly Uint8Array[]
  /** In the order in which they are asked. One that is wrong or gives nothing new is asked no more. */
  readonly peers: readonly Uint8Array[]
  /** Told why a peer did not help: it could not be asked, or sent what is false. */
  readonly onFailure?: (peer: Uint8Array, error: NetworkError) => void
}

/** Reveals and proposals are checked by who asks for them. */
export type FetchByHash = FetchOptions &
  ({ readonly sort: Exclude<Sort, OwnSort> } | { readonly sort: OwnSort; readonly check: Check })

/** In the order of the hashes; undefined for what none of the peers had. Nothing in it is unchecked. */
export async function fetchByHash(wanted: FetchByHash): Promise<readonly (Uint8Array | undefined)[]> {
  const { network, networkId, sort, hashes, peers, onFailure } = wanted
  const check = 'check' in wanted ? wanted.check : checkOf(wanted.sort, networkId)
  const found = new Map<string, Uint8Array>()
  const missing = (): Uint8Array[] => hashes.filter((hash) => !found.has(toHex(hash)))
  for (const peer of peers) {
    if (missing().length === 0) break
    try {
      await fetchFrom(peer, { network, sort, check, found, hashes: missing() })
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
      onFailure?.(peer, error)
    }
  }
  return hashes.map((hash) => found.get(toHex(hash)))
}

interface FromOne {
  readonly network: Pick<Network, 'ask'>
  readonly sort: Sort
  readonly check: Check
  readonly hashes: readonly Uint8Array[]
  /** What is found goes here. */
  readonly found: Map<string, Uint8Array>
}

/** Asks one peer until it has said of each whether it is there: each answer says so of one more at least. */
async function fetchFrom(peer: Uint8Array, { network, sort, check, hashes, found }: FromOne): Promise<void> {
  for (let at = 0; at < hashes.length; ) {
    const asked = hashes.slice(at, at + DATA_HASHES)
    const answer = await network.ask(protocols.data, { sort, hashes: asked }, peer)
    keep(answer, { peer, asked, check, found })
    if (answer.found.length === 0) return
    at += answer.found.length
  }
}

interface Keeping {
  readonly peer: Uint8Array
  readonly asked: readonly Uint8Array[]
  readonly check: Check
  readonly found: Map<string, Uint8Array>
}

function keep(answer: DataAnswer, { peer, asked, check, found }: Keeping): void {
  if (answer.found.length > asked.length) throw falsified(peer, 'it is longer than what was asked for')
  for (const [i, bytes] of answer.found.entries()) {
    const hash = asked[i]
    if (bytes === undefined || hash === undefined) continue
    if (!holds(check, hash, bytes)) throw falsified(peer, `${toHex(hash)} is not its hash`)
    found.set(toHex(hash), bytes)
  }
}

/** Bytes that can't be read are not what was asked for. */
function holds(check: Check, hash: Uint8Array, bytes: Uint8Array): boolean {
  try {
    return check(hash, bytes)
  } catch (error) {
    if (error instanceof ProtocolError) return false
    throw error
  }
}

function falsified(peer: Uint8Array, why: string): NetworkError {
  const sentence = `Peer ${toHex(peer)} sent false data: ${why}. Ask another.`
  return new NetworkError('network/malformed', sentence, { peer: toHex(peer) })
}

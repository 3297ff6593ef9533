// Fetches by hash from several peers. What one sends counts when it is what was asked for, whoever sent it; what it lacks,
// holds back or falsifies, the next one is asked for. What is long comes in pieces, from several at once.
import { toHex } from '@piecework/protocol'
import { protocols } from './all-protocols.ts'
import { type Checked, isRight } from './check.ts'
import { NetworkError } from './errors.ts'
import { falsified, fetchLong, type Wait } from './fetch-long.ts'
import { DATA_HASHES, MOST_BYTES } from './limits.ts'
import type { Network } from './port.ts'
import type { DataAnswer } from './questions.ts'

interface FetchOptions {
  readonly network: Pick<Network, 'ask'>
  readonly hashes: readonly Uint8Array[]
  /** In the order in which they are asked. One that is wrong or gives nothing new is asked no more. */
  readonly peers: readonly Uint8Array[]
  /** The longest that is accepted, of each; without it the longest that there is of its sort. */
  readonly mostBytes?: number
  /** Told why a peer did not help: it could not be asked, or sent what is false. */
  readonly onFailure?: (peer: Uint8Array, error: NetworkError) => void
  /** With it who sends something long too slowly is given up. */
  readonly wait?: Wait
}

export type FetchByHash = FetchOptions & Checked

/** In the order of the hashes; undefined for what none of the peers had. Nothing in it is unchecked. */
export async function fetchByHash(wanted: FetchByHash): Promise<readonly (Uint8Array | undefined)[]> {
  const { hashes, peers, onFailure } = wanted
  const found = new Map<string, Uint8Array>()
  /** Long things that were asked of everybody who was left, in vain. */
  const vain = new Set<string>()
  // Of what is named twice, one is asked for.
  const named = [...new Map(hashes.map((hash) => [toHex(hash), hash])).values()]
  const missing = (): Uint8Array[] =>
    named.filter((hash) => !found.has(toHex(hash)) && !vain.has(toHex(hash)))
  for (const [at, peer] of peers.entries()) {
    if (missing().length === 0) break
    const long: Long[] = []
    try {
      await fetchFrom(peer, { wanted, hashes: missing(), found, long })
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error
      onFailure?.(peer, error)
    }
    for (const { hash, longBytes } of long) {
      const bytes = await fetchLong({
        ...wanted,
        hash,
        longBytes,
        by: peer,
        mostBytes: mostOf(wanted),
        peers: peers.slice(at),
      })
      if (bytes === undefined) vain.add(toHex(hash))
      else found.set(toHex(hash), bytes)
    }
  }
  return hashes.map((hash) => found.get(toHex(hash)))
}

function mostOf({ sort, mostBytes }: FetchByHash): number {
  return mostBytes ?? MOST_BYTES[sort]
}

interface Long {
  readonly hash: Uint8Array
  readonly longBytes: number
}

interface FromOne {
  readonly wanted: FetchByHash
  readonly hashes: readonly Uint8Array[]
  /** What is found goes here, */
  readonly found: Map<string, Uint8Array>
  /** and here what it has to be asked for in pieces. */
  readonly long: Long[]
}

/** Asks one peer until it has said of each whether it is there: each answer says so of one more at least. */
async function fetchFrom(peer: Uint8Array, { wanted, hashes, found, long }: FromOne): Promise<void> {
  for (let at = 0; at < hashes.length; ) {
    const asked = hashes.slice(at, at + DATA_HASHES)
    const answer = await wanted.network.ask(protocols.data, { sort: wanted.sort, hashes: asked }, peer)
    keep(answer, { wanted, hashes: asked, found, long, peer })
    if (answer.found.length === 0) return
    at += answer.found.length
  }
}

interface Keeping extends FromOne {
  readonly peer: Uint8Array
}

/** What is false of an answer takes nothing from the rest of it; the peer is asked for no more then. */
function keep(answer: DataAnswer, { peer, wanted, hashes, found, long }: Keeping): void {
  if (answer.found.length > hashes.length) throw falsified(peer, 'it is longer than what was asked for')
  const most = mostOf(wanted)
  let why: string | undefined
  for (const [i, one] of answer.found.entries()) {
    const hash = hashes[i]
    if (one === undefined || hash === undefined) continue
    const bytes = one instanceof Uint8Array ? one.length : one.longBytes
    if (bytes > most) why ??= `${toHex(hash)} may have ${most} bytes, and this has ${bytes}`
    else if (!(one instanceof Uint8Array)) long.push({ hash, longBytes: bytes })
    else if (isRight(wanted, hash, { bytes: one })) found.set(toHex(hash), one)
    else why ??= `${toHex(hash)} is not its hash`
  }
  if (why !== undefined) throw falsified(peer, why)
}

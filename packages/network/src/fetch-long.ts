// Fetches something long: its pieces from several peers at once, each going on where another broke off. A hash of the
// whole does not say which piece is false: when it is not that of what came, all that came is thrown away and one peer
// after the other is asked for all of it, so that who lies is found, and one who does not is enough.
import { toHex } from '@piecework/protocol'
import { protocols } from './all-protocols.ts'
import { type Checked, isRight } from './check.ts'
import { NetworkError } from './errors.ts'
import { PIECE_BYTES } from './limits.ts'
import { Pieces } from './pieces.ts'
import type { Network } from './port.ts'
import { Source } from './source.ts'

/** Pieces that are asked for at once: a megabyte is under way. */
const LANES = 4
/** From one peer: while one piece is sent, the next is asked for. */
const LANES_OF_ONE = 2

export type FetchLong = Checked & {
  readonly network: Pick<Network, 'ask'>
  readonly hash: Uint8Array
  /** As long as the first of the peers says it is. */
  readonly longBytes: number
  readonly mostBytes: number
  readonly peers: readonly Uint8Array[]
  readonly onFailure?: (peer: Uint8Array, error: NetworkError) => void
}

/** Undefined when none of them has it. */
export async function fetchLong(wanted: FetchLong): Promise<Uint8Array | undefined> {
  const together = await fetchTogether(wanted)
  if (together instanceof Uint8Array) return together
  for (const { peer } of together) {
    const bytes = await fetchAlone(wanted, peer)
    if (bytes !== undefined) return bytes
  }
  return undefined
}

/** Or who is to be asked alone. What came is let go by then: never is there memory for two of them. */
async function fetchTogether(wanted: FetchLong): Promise<Uint8Array | readonly Source[]> {
  const sources = wanted.peers.map((peer) => new Source(peer))
  const pieces = new Pieces(wanted.longBytes, wanted.sort === 'content')
  await gather(wanted, pieces, sources)
  if (pieces.isWhole && isWhatWasAsked(wanted, pieces)) return pieces.bytes
  return suspects(wanted, pieces, sources)
}

function isWhatWasAsked(wanted: FetchLong, { bytes, sha256 }: Pieces): boolean {
  return isRight(wanted, wanted.hash, { bytes, sha256 })
}

/** Who is asked for all of it: those first who gave nothing of what turned out to be false. */
function suspects(wanted: FetchLong, { isWhole }: Pieces, sources: readonly Source[]): readonly Source[] {
  // Nobody sent anything false, but some say that it has another length: one of them may be right.
  if (!isWhole) return sources.filter(({ left }) => left === 'other-length')
  const givers = sources.filter(({ gave }) => gave > 0)
  const [only, another] = givers
  if (only !== undefined && another === undefined) accuse(wanted, only)
  const others = sources.filter(({ gave, left }) => gave === 0 && left !== 'lacks' && left !== 'false')
  return another === undefined ? others : [...others, ...givers]
}

function accuse({ hash, onFailure }: FetchLong, { peer }: Source): void {
  onFailure?.(peer, falsified(peer, `${toHex(hash)} is not the hash of the pieces that it sent`))
}

/** What is wrong then is this peer's doing alone. */
async function fetchAlone(wanted: FetchLong, peer: Uint8Array): Promise<Uint8Array | undefined> {
  const { sort, hash, network, mostBytes, onFailure } = wanted
  const source = new Source(peer)
  try {
    const first = { sort, hash, at: 0, bytes: PIECE_BYTES }
    const { wholeBytes, bytes } = await network.ask(protocols.piece, first, peer)
    if (wholeBytes === undefined) return undefined
    if (wholeBytes > mostBytes)
      throw falsified(peer, `${toHex(hash)} may have ${mostBytes} bytes, and this has ${wholeBytes}`)
    const pieces = new Pieces(wholeBytes, sort === 'content')
    const at = pieces.take()
    if (at !== undefined && !pieces.put(at, bytes)) throw falsified(peer, CUT)
    await gather(wanted, pieces, [source])
    if (!pieces.isWhole) return undefined
    if (isWhatWasAsked(wanted, pieces)) return pieces.bytes
    accuse(wanted, source)
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
    onFailure?.(peer, error)
  }
  return undefined
}

const CUT = 'a piece is not as long as it has to be'

/** Ends when all is there, or nobody is left who has more of it. */
async function gather(wanted: FetchLong, pieces: Pieces, sources: readonly Source[]): Promise<void> {
  const lane = async (): Promise<void> => {
    for (let source = freest(sources); source !== undefined; source = freest(sources)) {
      source.lanes++
      try {
        while (source.left === undefined) {
          const at = pieces.take()
          if (at === undefined) return
          if (!(await fetchPiece(wanted, { pieces, source, at }))) pieces.giveBack(at)
        }
      } finally {
        source.lanes--
      }
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
}

/** Of those that are left the one with the least to do, the first of them. */
function freest(sources: readonly Source[]): Source | undefined {
  const able = sources.filter(({ left, lanes }) => left === undefined && lanes < LANES_OF_ONE)
  return able.sort((a, b) => a.lanes - b.lanes)[0]
}

interface Fetching {
  readonly pieces: Pieces
  readonly source: Source
  readonly at: number
}

/** False when it has to be asked for again. */
async function fetchPiece(wanted: FetchLong, { pieces, source, at }: Fetching): Promise<boolean> {
  const { network, sort, hash, onFailure } = wanted
  const { peer } = source
  try {
    const question = { sort, hash, at, bytes: pieces.sizeAt(at) }
    const answer = await network.ask(protocols.piece, question, peer)
    if (answer.wholeBytes === undefined) source.leave('lacks')
    else if (answer.wholeBytes !== pieces.bytes.length) source.leave('other-length')
    else if (pieces.put(at, answer.bytes)) source.gave++
    else throw falsified(peer, CUT)
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
    source.fail(error)
    onFailure?.(peer, error)
  }
  return pieces.has(at)
}

export function falsified(peer: Uint8Array, why: string): NetworkError {
  const sentence = `Peer ${toHex(peer)} sent false data: ${why}. Ask another.`
  return new NetworkError('network/malformed', sentence, { peer: toHex(peer) })
}

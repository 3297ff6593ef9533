// Fetches something long: its pieces from several peers at once, each going on where another broke off. A hash of the
// whole does not say which piece is false: when it is not that of what came, all that came is thrown away and one peer
// after the other is asked for all of it, so that who lies is found, and one who does not is enough. Each attempt has its
// time, and where somebody says another length, that one is heard before more of the first is fetched.
import { equalBytes, toHex } from '@piecework/protocol'
import { protocols } from './all-protocols.ts'
import { type Checked, isRight } from './check.ts'
import { NetworkError } from './errors.ts'
import { failures } from './exchange.ts'
import { PIECE_BYTES, SLOWEST_BYTES_PER_MS } from './limits.ts'
import { Pieces } from './pieces.ts'
import type { Network } from './port.ts'
import { Source } from './source.ts'

/** Pieces that are asked for at once: a megabyte is under way. */
const LANES = 4
/** From one peer: while one piece is sent, the next is asked for. */
const LANES_OF_ONE = 2

/** Each attempt ends after so long and the time that its bytes take over the slowest line. */
const PATIENCE_MS = 10_000
/** Before somebody who was busy or broke off is asked for the next piece. */
const PAUSE_MS = 500

/** Ends after so long, or as soon as the signal is aborted. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>

export type FetchLong = Checked & {
  readonly network: Pick<Network, 'ask'>
  readonly hash: Uint8Array
  /** As long as this peer said it is. */
  readonly longBytes: number
  readonly by: Uint8Array
  readonly mostBytes: number
  readonly peers: readonly Uint8Array[]
  readonly onFailure?: (peer: Uint8Array, error: NetworkError) => void
  /** Without it an attempt lasts for as long as each piece comes in the network's own time. */
  readonly wait?: Wait
}

/** Undefined when none of them has it. */
export async function fetchLong(wanted: FetchLong): Promise<Uint8Array | undefined> {
  const sources = wanted.peers.map((peer) => new Source(peer))
  const { bytes, suspects } = await fetchTogether(wanted, sources)
  if (bytes !== undefined) return bytes
  for (const { peer } of suspects) {
    const alone = await fetchAlone(wanted, peer)
    if (alone === undefined) continue
    if (alone.length !== wanted.longBytes) accuseOfLength(wanted, sources)
    return alone
  }
  // Who said another length was wrong: all others go on together, without them.
  const isStopped = sources.some(({ left }) => left === 'other-length')
  const peers = sources.filter(({ left }) => left === undefined).map(({ peer }) => peer)
  return isStopped && peers.length > 0 ? fetchLong({ ...wanted, peers }) : undefined
}

interface Together {
  readonly bytes?: Uint8Array
  /** Who is to be asked alone. What came is let go by then: never is there memory for two of them. */
  readonly suspects: readonly Source[]
}

async function fetchTogether(wanted: FetchLong, sources: readonly Source[]): Promise<Together> {
  const pieces = new Pieces(wanted.longBytes, wanted.sort === 'content')
  await gather(wanted, pieces, sources)
  if (pieces.isWhole && isWhatWasAsked(wanted, pieces)) return { bytes: pieces.bytes, suspects: [] }
  const suspects = suspectsOf(wanted, pieces, sources)
  pieces.letGo()
  return { suspects }
}

function isWhatWasAsked(wanted: FetchLong, { bytes, sha256 }: Pieces): boolean {
  return isRight(wanted, wanted.hash, { bytes, sha256 })
}

/** Who is asked for all of it: those first who gave nothing of what turned out to be false, or too slow. */
function suspectsOf(wanted: FetchLong, { isWhole }: Pieces, sources: readonly Source[]): readonly Source[] {
  const givers = sources.filter(({ gave }) => gave > 0)
  if (!isWhole) {
    const apart = sources.filter(({ left }) => left === 'other-length')
    if (apart.length > 0) return apart
    // The time was over: whoever is left has as much again, alone.
    const isLeft = ({ left }: Source): boolean => left === undefined
    return [...sources.filter(({ gave }) => gave === 0), ...givers].filter(isLeft)
  }
  const [only, another] = givers
  if (only !== undefined && another === undefined) accuse(wanted, only)
  const others = sources.filter(({ gave, left }) => gave === 0 && left !== 'lacks' && left !== 'false')
  return another === undefined ? others : [...others, ...givers]
}

/** It has another length: who said this one, or gave pieces of it, said what is false. */
function accuseOfLength({ hash, by, longBytes, onFailure }: FetchLong, sources: readonly Source[]): void {
  for (const { peer, gave } of sources)
    if (gave > 0 || equalBytes(peer, by))
      onFailure?.(peer, falsified(peer, `${toHex(hash)} has not the ${longBytes} bytes that it said`))
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
    source.gave++
    await gather(wanted, pieces, [source])
    if (pieces.isWhole && isWhatWasAsked(wanted, pieces)) return pieces.bytes
    if (pieces.isWhole) accuse(wanted, source)
    else if (source.left === undefined)
      onFailure?.(peer, failures.timeout({ protocol: protocols.piece.name, peer }))
    pieces.letGo()
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
    onFailure?.(peer, error)
  }
  return undefined
}

const CUT = 'a piece is not as long as it has to be'

/** Ends when all is there, somebody says another length, the time is over, or nobody is left who has more of it. */
async function gather(wanted: FetchLong, pieces: Pieces, sources: readonly Source[]): Promise<void> {
  const over = new AbortController()
  const { signal } = over
  const isOver = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => isOver.resolve())
  const lane = async (): Promise<void> => {
    for (let source = freest(sources); source !== undefined; source = freest(sources)) {
      source.lanes++
      try {
        while (source.left === undefined && !signal.aborted) {
          const at = pieces.take()
          if (at === undefined) return
          const has = await fetchPiece(wanted, { pieces, source, at, signal })
          if (signal.aborted) return
          if (pieces.isWhole || source.left === 'other-length') over.abort()
          else if (!has) await pause(wanted, { pieces, source, at, signal })
        }
      } finally {
        source.lanes--
      }
      if (signal.aborted) return
    }
  }
  const enoughMs = PATIENCE_MS + pieces.bytes.length / SLOWEST_BYTES_PER_MS
  wanted.wait?.(enoughMs, signal).then(() => over.abort())
  try {
    // Who is still asked then is not waited for.
    await Promise.race([Promise.all(Array.from({ length: LANES }, lane)), isOver.promise])
  } finally {
    over.abort()
  }
}

/** Others can ask for the piece meanwhile. */
async function pause({ wait }: FetchLong, { pieces, source, at, signal }: Fetching): Promise<void> {
  pieces.giveBack(at)
  if (source.left === undefined) await wait?.(PAUSE_MS, signal)
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
  /** Aborted when nothing that comes counts any more: nobody is asked any longer then. */
  readonly signal: AbortSignal
}

/** False when it has to be asked for again. */
async function fetchPiece(wanted: FetchLong, { pieces, source, at, signal }: Fetching): Promise<boolean> {
  const { network, sort, hash, onFailure } = wanted
  const { peer } = source
  try {
    const question = { sort, hash, at, bytes: pieces.sizeAt(at) }
    const answer = await network.ask(protocols.piece, question, { peer, signal })
    if (signal.aborted) return false
    const isAsLong = answer.wholeBytes === pieces.bytes.length
    if (answer.wholeBytes === undefined) source.leave('lacks')
    else if (!isAsLong && source.gave === 0) source.leave('other-length')
    else if (isAsLong && pieces.put(at, answer.bytes)) source.gave++
    else throw falsified(peer, isAsLong ? CUT : 'it says one length and then another')
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error
    if (signal.aborted) return false
    source.fail(error)
    onFailure?.(peer, error)
  }
  return pieces.has(at)
}

export function falsified(peer: Uint8Array, why: string): NetworkError {
  const sentence = `Peer ${toHex(peer)} sent false data: ${why}. Ask another.`
  return new NetworkError('network/malformed', sentence, { peer: toHex(peer) })
}
